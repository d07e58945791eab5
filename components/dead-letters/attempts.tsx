import { traceText } from "@/components/ui/format";
import { Icon } from "@/components/ui/icons";
import { When } from "@/components/ui/when";
import type { MessageView } from "@/lib/dead-letters/views";
import { durationWords } from "@/lib/time";
import { counted } from "@/lib/words";

/** How often the consumer tried, with the pauses between. */
export function Attempts({ view }: { view: MessageView }) {
  const { attempts, attemptsLeftOut: leftOut, message } = view;
  const { records } = view.group;
  if (attempts.length === 0 && records !== null)
    return (
      <p className="px-3.5 py-2.5 text-12 text-ink-3">
        {records.attempts && message.attempts > 0
          ? `${counted(message.attempts, "attempt")}; ${records.by} keeps no log of them.`
          : `${records.by} records no attempts${records.attempts ? " of this message" : ""}.`}
      </p>
    );
  if (attempts.length === 0)
    return (
      <p className="px-3.5 py-2.5 text-12 text-ink-3">
        {message.attempts} {message.attempts === 1 ? "attempt" : "attempts"};{" "}
        {leftOut === null
          ? "the consumer kept no log of them."
          : "their log is too long to be kept here: read it in the service's own table."}
      </p>
    );
  return (
    <>
      <h3 className="px-3.5 pt-2.5 pb-1 text-11 text-ink-3">
        {message.attempts} {message.attempts === 1 ? "attempt" : "attempts"}
        {message.consumerVersion && `, on ${message.consumerVersion}`}
        {leftOut !== null &&
          `; the log is too long to be kept: its first ${leftOut.afterN} and its newest ${attempts.length - leftOut.afterN}`}
      </h3>
      <ol>
        {attempts.map((attempt, i) => {
          const before = i === leftOut?.afterN ? null : (attempts[i - 1]?.at ?? null);
          const pause = attempt.at !== null && before !== null ? `${durationWords(attempt.at - before)} later` : null;
          const last = i === attempts.length - 1 ? "then parked" : null;
          const other = attempt.errorType && !view.errorType.endsWith(attempt.errorType) ? attempt.errorType : null;
          return (
            <li key={i} className="flex items-start gap-2.5 border-b px-3.5 py-1.75 last:border-b-0">
              <span className="min-w-4 text-right text-ink-3">
                {i + 1 + (leftOut !== null && i >= leftOut.afterN ? (leftOut.n ?? 0) : 0)}
              </span>
              <div className="min-w-0 flex-1">
                {attempt.at === null ? (
                  <span className="text-ink-3">time unknown</span>
                ) : (
                  <When at={attempt.at} now={view.now} as="millis" className="mono" />
                )}
                <p className="text-12 text-ink-3 [overflow-wrap:anywhere]">{[pause, other, last].filter(Boolean).join(", ")}</p>
              </div>
              <Icon name="x" size={12} className="mt-1 text-breach-fg" />
              {attempt.durationMs !== null && (
                <span className="whitespace-nowrap text-12 text-ink-3">{traceText(attempt.durationMs)}</span>
              )}
            </li>
          );
        })}
      </ol>
    </>
  );
}
