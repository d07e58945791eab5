import { cn } from "@/components/ui/cn";
import { toneClass } from "@/components/ui/tone";
import type { ObjectiveRow } from "@/lib/objectives/views";
import { BudgetBar } from "./budget-bar";
import { basisNote, figureTitle, shareText } from "./words";

/** The promise as a figure, and what is left of its budget. What is not known is no figure, and never all of it. */
export function SloCell({ objective }: { objective: ObjectiveRow }) {
  const { converged, budgetLeft } = objective;
  const note = basisNote(objective);
  if (converged === null)
    return (
      <span className="text-12 text-ink-3" title={figureTitle(objective)}>
        {objective.target === null ? "no share promised" : "nothing judged"}
      </span>
    );
  return (
    <div title={figureTitle(objective)}>
      <div
        className={cn(
          "whitespace-nowrap",
          budgetLeft !== null && budgetLeft <= 0 && cn(toneClass.breach, "font-semibold text-fg"),
        )}
      >
        {shareText(converged)}
      </div>
      {budgetLeft === null ? (
        <div className="text-12 text-ink-3">{note ?? "none promised"}</div>
      ) : (
        <BudgetBar left={budgetLeft} note={note} />
      )}
    </div>
  );
}
