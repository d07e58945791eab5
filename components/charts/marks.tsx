import { cn } from "@/components/ui/cn";
import { Link } from "@/components/ui/link";
import type { Instant } from "@/lib/time";
import type { Mark } from "@/lib/zones/views";
import { plotLeft, xFraction } from "./scale";

// At 11 px a letter is about 6 px; a label that would run into its neighbour leaves only its symbol.
const LETTER_PX = 6;
const SYMBOL_PX = 6;

type Placed = Mark & { fraction: number; labelled: boolean; leftwards: boolean };

/** Places the labels from the newest back, to the left or else to the right; one that would cover another is left to the hover. */
export function placeMarks(marks: Mark[], from: Instant, to: Instant, widthPx: number): Placed[] {
  const within = marks.filter((mark) => mark.at >= from && mark.at <= to).sort((a, b) => b.at - a.at);
  const xs = within.map((mark) => xFraction(from, to, mark.at) * widthPx);
  const taken: [start: number, end: number][] = [];
  const isFree = (start: number, end: number, own: number) =>
    start >= 0 &&
    end <= widthPx &&
    xs.every((x, i) => i === own || x < start - SYMBOL_PX || x > end + SYMBOL_PX) &&
    taken.every(([a, b]) => end < a || start > b);
  return within.map((mark, i) => {
    const need = mark.label.length * LETTER_PX + 2 * SYMBOL_PX;
    const spans: [boolean, number, number][] = [
      [true, xs[i]! - need, xs[i]!],
      [false, xs[i]!, xs[i]! + need],
    ];
    const free = spans.find(([, start, end]) => isFree(start, end, i));
    if (free) taken.push([free[1], free[2]]);
    return { ...mark, fraction: xFraction(from, to, mark.at), labelled: free !== undefined, leftwards: free?.[0] ?? true };
  });
}

function MarkSymbol({ kind }: { kind: Mark["kind"] }) {
  if (kind === "operator") return <span className="block size-1.75 rounded-full bg-accent" />;
  return (
    <svg width="9" height="6" viewBox="0 0 9 6" aria-hidden="true" className="block fill-ink-2">
      <path d={kind === "deploy" ? "M0 6 4.5 0 9 6z" : "M0 0 4.5 6 9 0z"} />
    </svg>
  );
}

/** ▲ deploy, ▼ rollback, ● operator: a dotted line through the plot with its name above. */
export function Marks({
  marks,
  from,
  to,
  widthPx,
  bottom,
}: {
  marks: Mark[];
  from: Instant;
  to: Instant;
  widthPx: number;
  bottom: number;
}) {
  return placeMarks(marks, from, to, widthPx).map((mark) => (
    <div
      key={`${mark.at}${mark.label}`}
      className={cn("absolute top-2.25 border-l border-dashed", mark.kind === "operator" ? "border-accent" : "border-ink-mute")}
      style={{ left: plotLeft(mark.fraction), bottom }}
    >
      <span title={mark.label} className="pointer-events-auto absolute -top-0.5 left-[-0.5px] -translate-x-1/2 p-0.5">
        <MarkSymbol kind={mark.kind} />
      </span>
      {mark.labelled && (
        <span
          className={cn(
            "absolute -top-1.75 whitespace-nowrap text-11 leading-3.5 text-ink-2",
            mark.leftwards ? "right-2" : "left-2",
            mark.kind === "operator" && "text-accent",
          )}
        >
          {mark.href ? (
            <Link href={mark.href} className="pointer-events-auto hover:underline">
              {mark.label}
            </Link>
          ) : (
            mark.label
          )}
        </span>
      )}
    </div>
  ));
}
