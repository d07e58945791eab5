import { cn } from "@/components/ui/cn";
import { Link } from "@/components/ui/link";
import { OutcomeGlyph } from "@/components/ui/outcome-glyph";
import type { ReadinessAnswer } from "@/lib/operations/readiness.rules";
import { answerWords, questionWords } from "@/lib/operations/readiness-words";
import type { ItemState } from "@/lib/operations/rules";
import type { ReadinessView } from "@/lib/operations/views";

/** What an answer rests on, with the way to where that stands. */
export const Fact = ({ words, href }: Pick<ReadinessView, "words" | "href">) =>
  href === null ? (
    words
  ) : (
    <Link href={href} target="_blank" className="link">
      {words}
    </Link>
  );

export const answerGlyphs: Record<ReadinessAnswer, ItemState> = { yes: "succeeded", no: "failed_again", unknown: "uncertain" };

/** What somebody asks themselves before they retry: yes, no or not known, each with the fact that says so. */
export function ReadinessStrip({ answers }: { answers: ReadinessView[] }) {
  if (answers.length === 0) return null;
  return (
    <section aria-label="Ready to retry?" className="mb-4">
      <h3 className="font-semibold">Ready?</h3>
      <dl className="mt-1.5 grid grid-cols-[auto_auto_minmax(0,1fr)] gap-x-2 gap-y-1 text-12">
        {answers.map(({ question, answer, words, href }) => (
          <div key={question} className="contents">
            <dt className="flex items-start gap-1.5 whitespace-nowrap">
              <OutcomeGlyph state={answerGlyphs[answer]} size={14} className="mt-0.5" />
              {questionWords[question]}
            </dt>
            <dd className={cn("whitespace-nowrap", answer === "unknown" ? "text-ink-3" : "font-medium")}>
              {answerWords[answer]}
            </dd>
            <dd className="min-w-0 text-ink-2 [overflow-wrap:anywhere]">
              <Fact words={words} href={href} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
