import { cn } from "@/components/ui/cn";
import { VerdictGlyph } from "@/components/ui/glyph";
import { LiveAgo } from "@/components/ui/live-age";
import { OutcomeGlyph } from "@/components/ui/outcome-glyph";
import { Panel } from "@/components/ui/panel";
import { Sentence } from "@/components/ui/sentence";
import { toneClass, verdictTone } from "@/components/ui/tone";
import type { GroupView } from "@/lib/dead-letters/views";
import { type Safety, safetyOf } from "@/lib/operations/readiness.rules";
import { checksWords, questionWords, safetyWords } from "@/lib/operations/readiness-words";
import type { GroupReadinessView } from "@/lib/operations/views";
import type { Verdict } from "@/lib/verdicts/rules";
import { NextHint } from "./group-parts";
import { answerGlyphs, Fact } from "./readiness-strip";

const looks: Record<Safety, Verdict> = { safe: "healthy", harmful: "breached", "not yet": "at_risk", "not known": "unknown" };

/** What to know before a retry; until the checks are answered, what the group itself tells. */
export function BeforeRetry({ view, readiness }: { view: GroupView; readiness: GroupReadinessView | undefined }) {
  if (!readiness || readiness.answers.length === 0) return <NextHint view={view} />;
  return (
    <>
      <ReadinessPanel readiness={readiness} />
      {view.origin.length > 0 && (
        <p className="mb-3.5 max-w-sentence">
          <Sentence parts={view.origin} />
        </p>
      )}
    </>
  );
}

/** May this group be retried? What its checks come to, and each with its fact. */
function ReadinessPanel({ readiness: { now, answers } }: { readiness: GroupReadinessView }) {
  const safety = safetyOf(answers);
  const look = looks[safety];
  return (
    <Panel aria-label="Safe to retry?" className={cn("mb-3.5 overflow-hidden lg:flex", toneClass[verdictTone[look]])}>
      <div className="border-edge bg-tint px-3.5 py-3 max-lg:border-b lg:w-52 lg:flex-none lg:border-r">
        <h2 className="flex items-center gap-2 text-15 font-semibold">
          <VerdictGlyph verdict={look} size={20} />
          {safetyWords[safety]}
        </h2>
        <p className="mt-1 text-12 text-ink-2">
          {checksWords(answers)} As of <LiveAgo at={now} asOf={now} />.
        </p>
      </div>
      <ul className="grid min-w-0 flex-1 grid-cols-1 divide-line max-md:divide-y md:grid-cols-5 md:divide-x">
        {answers.map(({ question, answer, words, href }) => (
          <li key={question} className="flex min-w-0 gap-2 px-3 py-2.5">
            <OutcomeGlyph state={answerGlyphs[answer]} size={14} className="mt-0.5" />
            <div className="min-w-0">
              <h3 className="font-medium">{questionWords[question]}</h3>
              <p className="text-12 text-ink-2 [overflow-wrap:anywhere]">
                <Fact words={words} href={href} />
              </p>
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
