import { SloCell } from "@/components/objectives/slo-cell";
import { cn } from "@/components/ui/cn";
import { VerdictGlyph } from "@/components/ui/glyph";
import { Link } from "@/components/ui/link";
import { Facts, Panel, PanelHead } from "@/components/ui/panel";
import { When } from "@/components/ui/when";
import { zoneHref } from "@/components/ui/zone-badges";
import { windowWords } from "@/lib/time";
import type { ZoneView } from "@/lib/zones/views";
import { classTitle } from "./words";

type Fact = ZoneView["contract"]["facts"][number];
const factVerdict = { ok: "healthy", silent: "unknown", failing: "breached" } as const satisfies Record<Fact["verdict"], string>;

/** The promise, and who owns which fact, with the health of its owner. */
export function ContractPanel({ view }: { view: ZoneView }) {
  const { contract, zone, now } = view;
  return (
    <Panel>
      <PanelHead
        title="Contract"
        note={
          <>
            v{contract.revision}, since <When at={contract.since} now={now} as="day" />
          </>
        }
      >
        <Link href={`${zoneHref(zone.zoneId)}/contract`} className="link text-12">
          Open
        </Link>
      </PanelHead>
      <div className="px-3.5 py-3">
        <p className="mb-2.5 text-pretty text-15 leading-5.25">{contract.promise}</p>
        <Facts
          rows={[
            ["Class", classTitle(contract.class)],
            ["Window", `${windowWords(contract.windowMs)}, per ${contract.keyName}`],
            ...(contract.slo ? [["Promise", contract.slo] as [string, string]] : []),
            ["Now", <SloCell key="now" objective={zone.objective} />],
            ["Order", contract.ordering],
            ["Undo", contract.undo.join(", ") || "nothing"],
            ["Reconcile", contract.reconcile.join(", ") || "nothing"],
          ]}
        />
      </div>
      <h3 className="border-t px-3.5 pt-2 pb-0.5 text-11 text-ink-3">Who owns which fact</h3>
      <table className="mb-2 w-full text-12">
        <thead className="sr-only">
          <tr>
            <th scope="col">Fact</th>
            <th scope="col">Service</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {contract.facts.map((fact) => (
            <tr key={fact.fact}>
              <td className="py-1 pl-3.5">{fact.fact}</td>
              <td className="py-1 pl-2">
                <Link href={`/sources/${encodeURIComponent(fact.source)}`} className="mono text-ink-2 hover:underline">
                  {fact.service}
                </Link>
              </td>
              <td className="py-1 pr-3.5 pl-2" title={fact.note || undefined}>
                <span className="flex justify-end">
                  <VerdictGlyph verdict={factVerdict[fact.verdict]} size={14} />
                  <span className="sr-only">{fact.note || fact.verdict}</span>
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

/** Who answers for the zone. */
export function PeoplePanel({ people }: { people: ZoneView["people"] }) {
  const escalation =
    people.escalationMs === null ? null : `escalates after ${windowWords(people.escalationMs)} (not in force yet)`;
  return (
    <Panel>
      <PanelHead title="People" />
      <div className="px-3.5 py-3">
        <Facts
          rows={[
            ["Owner", people.owner],
            ["On call", <span key="on-call">{[people.onCall ?? "nobody named", escalation].filter(Boolean).join(", ")}</span>],
          ]}
        />
      </div>
    </Panel>
  );
}

/** Runbooks of the contract; those for something that is wrong now come first, and say so. */
export function RunbooksPanel({ runbooks }: { runbooks: ZoneView["runbooks"] }) {
  if (runbooks.length === 0) return null;
  const sorted = [...runbooks].sort((a, b) => Number(b.matches) - Number(a.matches));
  const matchN = runbooks.filter((each) => each.matches).length;
  return (
    <Panel>
      <PanelHead
        title="Runbooks"
        note={matchN === 0 ? undefined : matchN === 1 ? "the first matches" : `the first ${matchN} match`}
      />
      <div className="py-1">
        {sorted.map((runbook) => (
          <details key={runbook.title} className="px-3.5 py-1.5">
            <summary className={cn("cursor-pointer", runbook.matches ? "font-medium text-accent" : "text-ink-2")}>
              {runbook.title}
            </summary>
            <p className="mt-1 text-12 text-ink-3">When {runbook.when}</p>
            <ol className="mt-1 list-inside list-decimal space-y-1 text-12">
              {runbook.steps.map((step) => (
                <li key={step}>{step}</li>
              ))}
            </ol>
          </details>
        ))}
      </div>
    </Panel>
  );
}
