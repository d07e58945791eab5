"use client";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { countText } from "@/components/ui/format";
import { Sentence } from "@/components/ui/sentence";
import { toneClass } from "@/components/ui/tone";
import type { ObjectiveView } from "@/lib/objectives/views";
import { ninesWords, targetWords } from "@/lib/objectives/words";
import { windowWords } from "@/lib/time";
import { BudgetBar } from "./budget-bar";
import { CauseList } from "./cause-list";
import { basisNote, burnText, burnTone, shareText, spanText } from "./words";
import { YearStrip } from "./year-strip";

/** The panel's content, fetched with the panel in sight. */
export default function PromiseBody({ view }: { view: ObjectiveView }) {
  const { sentence, causes, otherN, days, daysFrom, now, target, missedN, openN, lateN } = view;
  return (
    <div className="space-y-4 px-3.5 py-3">
      <p className="text-pretty">
        <Sentence parts={sentence} />
      </p>
      <Figures view={view} />
      <YearStrip days={days} from={daysFrom} now={now} target={target} />
      <section>
        <h3 className="font-semibold">What used the budget up</h3>
        <p className="mb-1 text-12 text-ink-3">
          {missedN === 0
            ? "Nothing was missed."
            : view.basis === "comparison"
              ? `${countText(missedN)} rows differed when they were compared.`
              : `${countText(missedN)} missed: ${countText(lateN)} converged later, ${countText(openN)} are open still.`}
        </p>
        <CauseList causes={causes} otherN={otherN} />
      </section>
    </div>
  );
}

function Figures({ view }: { view: ObjectiveView }) {
  const { converged, nines, target, budgetLeft, by, windowMs, burns } = view;
  return (
    <dl className="grid grid-cols-2 gap-x-4 gap-y-3 sm:grid-cols-4">
      <Figure term="Converged" note={basisNote(view) ?? (nines === null ? undefined : ninesWords(nines))}>
        {shareText(converged)}
      </Figure>
      <Figure term="Error budget" note={target === null ? "no share is promised" : `of ${targetWords(target)}`}>
        {budgetLeft === null ? <span className="text-ink-3">–</span> : <BudgetBar left={budgetLeft} />}
      </Figure>
      {by && (
        <Figure term="By a fifth, all, twice the window" note={`${windowWords(windowMs)} window`}>
          <span className="text-12">
            {shareText(by.fifth)} · {shareText(by.window)} · {shareText(by.double)}
          </span>
        </Figure>
      )}
      <Figure term="Burn rate" note="1x lasts for the period">
        <span className="flex flex-wrap gap-x-3 text-12">
          {burns.map(({ spanMs, burn, n }) => (
            <span
              key={spanMs}
              title={n === 0 ? "nothing judged" : `${countText(n)} judged`}
              className={cn("whitespace-nowrap", toneClass[burnTone(burn)])}
            >
              <span className="text-ink-3">{spanText(spanMs)}</span>{" "}
              <b className={burnTone(burn) === "none" ? "font-medium" : "font-semibold text-fg"}>{burnText({ burn })}</b>
            </span>
          ))}
        </span>
      </Figure>
    </dl>
  );
}

const Figure = ({ term, note, children }: { term: string; note?: string | undefined; children: ReactNode }) => (
  <div className="min-w-0">
    <dt className="text-11 text-ink-3">{term}</dt>
    <dd className="font-medium">{children}</dd>
    {note && <dd className="text-11 text-ink-3">{note}</dd>}
  </div>
);
