import { Link } from "@/components/ui/link";
import { OutcomeGlyph, outcomeWord } from "@/components/ui/outcome-glyph";
import { Panel, PanelHead } from "@/components/ui/panel";
import { endOf, type ItemState, type OperationKind } from "@/lib/operations/rules";
import type { OperationView } from "@/lib/operations/views";
import { listed } from "@/lib/words";
import { OutcomeBar } from "./outcome-bar";
import { kindWords, operationHref, outcomeMeans, settledN } from "./words";

/** The outcomes of a kind, in two parts: what it is for, and what it left. */
const partsOf = (kind: OperationKind): [title: string, states: ItemState[]][] => [
  [kindWords[kind].done, [endOf[kind], "failed_again", "uncertain", "waiting"]],
  [
    kindWords[kind].left,
    kind === "retry" ? ["duplicate", "stale", "held", "behind", "cancelled"] : ["duplicate", "stale", "cancelled"],
  ],
];

/** Outcomes by kind, each with what it means and the items behind it. */
export function OutcomesPanel({ view }: { view: OperationView }) {
  const { operation, consumers, answeredPerSecond } = view;
  const { counts, kind } = operation;
  const whom = kind === "retry" ? `to ${listed(consumers)}` : `at ${listed(consumers)}`;
  const rate = answeredPerSecond === null ? null : `${answeredPerSecond.toFixed(1)}/s answered`;
  return (
    <Panel>
      <PanelHead
        title={kindWords[kind].items}
        note={`${settledN(counts).toLocaleString("en-US")} of ${counts.total.toLocaleString("en-US")} settled, ${whom}`}
      >
        <span className="text-12 text-ink-2">{rate}</span>
      </PanelHead>
      <div className="px-3.5 py-3">
        <OutcomeBar counts={counts} />
        <div className="mt-2 grid grid-cols-1 gap-x-6 sm:grid-cols-[1.18fr_1fr]">
          {partsOf(kind).map(([title, states]) => (
            <section key={title}>
              <h3 className="pt-1 pb-0.5 text-11 text-ink-3">{title}</h3>
              <ul>
                {states.map((state) => (
                  <li
                    key={state}
                    className="grid grid-cols-[124px_52px_minmax(0,1fr)] items-center gap-2 border-b py-1.5 last:border-b-0"
                  >
                    <span className="flex items-center gap-2">
                      <OutcomeGlyph state={state} />
                      {state === "waiting" ? kindWords[kind].waiting : outcomeWord[state]}
                    </span>
                    <OutcomeCount
                      n={counts[state]}
                      href={`${operationHref(operation.operationId)}?outcome=${state}#items`}
                      label={outcomeWord[state]}
                    />
                    <span className="truncate text-12 text-ink-2">{outcomeMeans[state]}</span>
                  </li>
                ))}
              </ul>
            </section>
          ))}
        </div>
      </div>
    </Panel>
  );
}

function OutcomeCount({ n, href, label }: { n: number; href: string; label: string }) {
  if (n === 0) return <span className="pr-2.5 text-right text-ink-3">0</span>;
  return (
    <Link href={href} scroll={false} aria-label={`Items: ${label}`} className="pr-2.5 text-right font-semibold hover:underline">
      {n.toLocaleString("en-US")}
    </Link>
  );
}
