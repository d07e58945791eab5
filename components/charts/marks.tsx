import { cn } from "@/components/ui/cn";
import { clockText } from "@/components/ui/format";
import { Link } from "@/components/ui/link";
import { Tooltip } from "@/components/ui/tooltip";
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

// Symbols closer than this would cover each other: they are one, which tells of all.
const NEAR_PX = 10;

/** Marks in reach of each other, from the newest back. */
export function clusters(placed: readonly Placed[], widthPx: number): Placed[][] {
  const all: Placed[][] = [];
  for (const mark of placed) {
    const last = all.at(-1);
    if (last && (last[0]!.fraction - mark.fraction) * widthPx < NEAR_PX) last.push(mark);
    else all.push([mark]);
  }
  return all;
}

function MarkSymbol({ kind }: { kind: Mark["kind"] }) {
  if (kind === "operator") return <span className="block size-1.75 rounded-full bg-accent" />;
  return (
    <svg width="9" height="6" viewBox="0 0 9 6" aria-hidden="true" className="block fill-ink-2">
      <path d={kind === "deploy" ? "M0 6 4.5 0 9 6z" : "M0 0 4.5 6 9 0z"} />
    </svg>
  );
}

const markText = (mark: Mark): string =>
  `${clockText(mark.at)} ${mark.label}${mark.kind === "operator" ? "" : `, ${mark.kind === "deploy" ? "deploy" : "rollback"}`}`;

/** The symbols of some marks, which say what they stand for under the pointer and the focus; a single one leads where it can. */
function MarkButton({ marks }: { marks: Placed[] }) {
  const [first] = marks;
  const name = marks.map(markText).join("; ");
  const look = "pointer-events-auto absolute -top-1 left-[-0.5px] -translate-x-1/2 rounded-bar p-1";
  const href = marks.length === 1 ? first!.href : undefined;
  return (
    <Tooltip content={<MarkList marks={marks} />}>
      {href?.startsWith("https:") ? (
        <a href={href} target="_blank" rel="noopener noreferrer" aria-label={name} className={look}>
          <MarkSymbol kind={first!.kind} />
        </a>
      ) : href ? (
        <Link href={href} aria-label={name} className={look}>
          <MarkSymbol kind={first!.kind} />
        </Link>
      ) : (
        <button type="button" aria-label={name} className={look}>
          <MarkSymbol kind={first!.kind} />
        </button>
      )}
    </Tooltip>
  );
}

const MarkList = ({ marks }: { marks: Placed[] }) => (
  <ul>
    {marks.slice(0, 8).map((mark) => (
      <li key={`${mark.at}${mark.label}`}>{markText(mark)}</li>
    ))}
    {marks.length > 8 && <li>and {marks.length - 8} more</li>}
  </ul>
);

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
  return clusters(placeMarks(marks, from, to, widthPx), widthPx).map((near) => {
    const mark = near.find(({ labelled }) => labelled) ?? near[0]!;
    return (
      <div
        key={`${mark.at}${mark.label}`}
        className={cn("absolute top-2.25 border-l border-dashed", mark.kind === "operator" ? "border-accent" : "border-ink-mute")}
        style={{ left: plotLeft(mark.fraction), bottom }}
      >
        <MarkButton marks={[mark, ...near.filter((one) => one !== mark)]} />
        {mark.labelled && (
          <span
            aria-hidden="true"
            className={cn(
              "absolute -top-1.75 whitespace-nowrap text-11 leading-3.5 text-ink-2",
              mark.leftwards ? "right-2.5" : "left-2.5",
              mark.kind === "operator" && "text-accent",
            )}
          >
            {mark.label}
            {near.length > 1 && ` +${near.length - 1}`}
          </span>
        )}
      </div>
    );
  });
}
