import { cn } from "@/components/ui/cn";
import { durationShort } from "@/lib/time";
import type { KeysByAge } from "@/lib/zones/views";

const COLUMNS_MAX = 60;

/** Unresolved keys by age: inside the window, passing it within a minute, past it (hatched). Keys move right until they converge. */
export function AgeHistogram({ keys }: { keys: KeysByAge }) {
  const columns = Math.min(COLUMNS_MAX, Math.max(keys.bars.length, Math.ceil(keys.windowBars * 1.6)));
  const bars = Array.from({ length: columns }, (_, i) =>
    i < columns - 1 ? (keys.bars[i] ?? 0) : keys.bars.slice(i).reduce((sum, n) => sum + n, 0),
  );
  // The last bar holds all that is older; it is cut, so that it does not press the others flat.
  const older = bars[columns - 1] ?? 0;
  const most = Math.max(1, ...bars.slice(0, -1), Math.min(older, 2 * Math.max(0, ...bars.slice(0, -1)) || older));
  const passingFrom = keys.windowBars - Math.max(1, Math.round(60_000 / keys.barMs));
  const line = (keys.windowBars / columns) * 100;
  const every = Math.max(1, Math.round(columns / 8));
  const summary = `${keys.insideN} keys inside the window, ${keys.passingN} pass it within a minute, ${keys.pastN} past it`;
  return (
    <div role="img" aria-label={summary}>
      <div className="flex gap-x-6 pb-3 text-12 text-ink-2 max-sm:flex-wrap" aria-hidden="true">
        <Figure n={keys.insideN} className="v-conv" words="inside the window" />
        <Figure n={keys.passingN} className="v-risk" words="pass within 1 min" />
        <Figure
          n={keys.pastN}
          className="v-breach"
          words={keys.oldestKey && keys.pastN > 0 ? `past the window, oldest ${keys.oldestKey}` : "past the window"}
        />
      </div>
      <div className="relative" aria-hidden="true">
        <div className="flex h-12 items-end gap-px border-b border-line-strong sm:gap-0.5">
          {bars.map((n, i) => (
            <span
              key={i}
              className={cn(
                "min-w-0 flex-1 rounded-t-hair",
                i >= keys.windowBars ? "v-breach hatch-fill" : i >= passingFrom ? "v-risk bg-fill" : "v-conv bg-fill",
              )}
              style={{ height: n === 0 ? 0 : `max(3px, ${Math.min(1, n / most) * 100}%)` }}
            />
          ))}
        </div>
        <span className="absolute -top-2 -bottom-1.5 -ml-px w-0.5 bg-ink" style={{ left: `${line}%` }} />
      </div>
      <div className="relative mt-1.5 h-4 text-11 text-ink-3" aria-hidden="true">
        <span className="absolute left-0">now</span>
        {bars.map((_, i) => {
          const far = Math.abs(i - keys.windowBars) > every * 0.9;
          if (i === 0 || i % every !== 0 || !far || i > columns - 4) return null;
          return (
            <span key={i} className="absolute -translate-x-1/2 max-sm:odd:hidden" style={{ left: `${(i / columns) * 100}%` }}>
              {durationShort(i * keys.barMs)}
            </span>
          );
        })}
        {older > 0 && <span className="absolute right-0">older</span>}
        <span className="absolute -translate-x-1/2 whitespace-nowrap font-medium text-ink" style={{ left: `${line}%` }}>
          window {durationShort(keys.windowBars * keys.barMs)}
        </span>
      </div>
    </div>
  );
}

function Figure({ n, words, className }: { n: number; words: string; className: string }) {
  return (
    <span className={cn("inline-flex items-baseline gap-1.5 last:ml-auto max-sm:last:ml-0", className)}>
      <b className={cn("text-15", n === 0 ? "text-ink-3" : "text-fg")}>{n.toLocaleString("en-US")}</b>
      {words}
    </span>
  );
}
