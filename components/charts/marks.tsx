import Link from "next/link";
import { cn } from "@/components/ui/cn";
import type { Instant } from "@/lib/time";
import type { Mark } from "@/lib/zones/views";
import { plotLeft, xFraction } from "./scale";

// At 11 px a letter is about 6 px; a label that would run into its neighbour leaves only its symbol.
const LETTER_PX = 6;

type Placed = Mark & { fraction: number; labelled: boolean; leftwards: boolean };

/** Places the labels from the newest back; one that would overlap the one before is left to the hover. */
export function placeMarks(marks: Mark[], from: Instant, to: Instant, widthPx: number): Placed[] {
  let free = widthPx;
  return [...marks]
    .filter((mark) => mark.at >= from && mark.at <= to)
    .sort((a, b) => b.at - a.at)
    .map((mark) => {
      const fraction = xFraction(from, to, mark.at);
      const x = fraction * widthPx;
      const need = mark.label.length * LETTER_PX + 14;
      const leftwards = x - need >= 0;
      const [start, end] = leftwards ? [x - need, x + 6] : [x - 6, x + need];
      const labelled = end <= free;
      if (labelled) free = start;
      return { ...mark, fraction, labelled, leftwards };
    });
}

function MarkSymbol({ kind }: { kind: Mark["kind"] }) {
  if (kind === "operator") return <span className="block size-[7px] rounded-full bg-accent" />;
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
      className={cn("absolute top-[9px] border-l border-dashed", mark.kind === "operator" ? "border-accent" : "border-ink-mute")}
      style={{ left: plotLeft(mark.fraction), bottom }}
    >
      <span title={mark.label} className="pointer-events-auto absolute -top-[2px] left-[-0.5px] -translate-x-1/2 p-0.5">
        <MarkSymbol kind={mark.kind} />
      </span>
      {mark.labelled && (
        <span
          className={cn(
            "absolute -top-[7px] whitespace-nowrap text-11 leading-[14px] text-ink-2",
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
