import { cn } from "@/components/ui/cn";
import { outcomeTone, outcomeWord } from "@/components/ui/outcome-glyph";
import { toneClass } from "@/components/ui/tone";
import type { ItemState } from "@/lib/operations/rules";
import type { OperationCounts } from "@/lib/operations/views";

const order: ItemState[] = [
  "succeeded",
  "discarded",
  "by_hand",
  "taken_back",
  "failed_again",
  "uncertain",
  "held",
  "duplicate",
  "stale",
  "cancelled",
];

/** All items of an operation in one bar; what waits is the empty part. A failure is never too small to be seen. */
export function OutcomeBar({ counts, thin = false }: { counts: OperationCounts; thin?: boolean }) {
  const shown = order.filter((state) => counts[state] > 0);
  const label = [...shown, "waiting" as const]
    .map((state) => `${counts[state].toLocaleString("en-US")} ${outcomeWord[state].toLowerCase()}`)
    .join(", ");
  return (
    <div role="img" aria-label={label} className={cn("flex w-full gap-0.5", thin ? "h-1.5" : "h-3.5")}>
      {shown.map((state) => (
        <i
          key={state}
          className={cn(
            "min-w-1.5 rounded-square",
            toneClass[state === "discarded" || state === "taken_back" ? "ok" : outcomeTone[state]],
            state === "stale" || state === "cancelled" ? "hatch-fill" : "bg-fill",
          )}
          style={{ flexGrow: counts[state], flexBasis: 0 }}
        />
      ))}
      {counts.waiting > 0 && <i className="min-w-1 rounded-square bg-track" style={{ flexGrow: counts.waiting, flexBasis: 0 }} />}
    </div>
  );
}
