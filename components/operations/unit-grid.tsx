import { cn } from "@/components/ui/cn";
import { OutcomeGlyph, outcomeTone, outcomeWord } from "@/components/ui/outcome-glyph";
import { toneClass } from "@/components/ui/tone";
import type { ItemState } from "@/lib/operations/rules";
import { itemLetter, itemStates, type OperationCounts } from "@/lib/operations/views";

const stateOf = new Map(itemStates.map((state) => [itemLetter[state], state]));

// Full for what ended well, hollow for what is open, hatched for what was left alone: it reads without colour.
const squares: Record<ItemState, string> = {
  succeeded: "bg-fill",
  discarded: "bg-fill",
  by_hand: "bg-fill",
  taken_back: "bg-fill",
  failed_again: "bg-fill",
  uncertain: "bg-tint ring-[1.5px] ring-fill ring-inset",
  held: "bg-tint ring-[1.5px] ring-fill ring-inset",
  duplicate: "bg-fill",
  stale: "hatch-fill",
  cancelled: "hatch-fill",
  behind: "bg-tint ring-[1.5px] ring-fill ring-inset",
  waiting: "ring-1 ring-line-strong ring-inset",
};
const marked = new Set<ItemState>(["failed_again", "uncertain", "held", "behind"]);

function Square({ state }: { state: ItemState }) {
  const tone = state === "discarded" || state === "taken_back" ? "ok" : outcomeTone[state];
  return (
    <span className={cn("grid size-[12.6px] flex-none place-items-center rounded-square", toneClass[tone], squares[state])}>
      {marked.has(state) && (
        <OutcomeGlyph state={state} size={12} className={cn("size-2.25", state === "failed_again" && "text-surface")} />
      )}
    </span>
  );
}

/** One square per message, in the order of delivery. */
export function UnitGrid({ letters, counts }: { letters: string; counts: OperationCounts }) {
  const shown = itemStates.filter((state) => counts[state] > 0);
  const label = shown.map((state) => `${counts[state].toLocaleString("en-US")} ${outcomeWord[state].toLowerCase()}`).join(", ");
  return (
    <>
      <ul className="mb-2.5 flex flex-wrap gap-x-3 gap-y-1 text-12 text-ink-2">
        {shown.map((state) => (
          <li key={state} className="inline-flex items-center gap-1.25">
            <Square state={state} />
            {outcomeWord[state].toLowerCase()} <b className="text-ink">{counts[state].toLocaleString("en-US")}</b>
          </li>
        ))}
      </ul>
      <div
        role="img"
        aria-label={`${counts.total.toLocaleString("en-US")} messages: ${label}`}
        className="flex flex-wrap gap-[2.6px]"
      >
        {[...letters].map((letter, i) => (
          <Square key={i} state={stateOf.get(letter) ?? "waiting"} />
        ))}
      </div>
    </>
  );
}
