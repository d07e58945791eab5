import { cn } from "@/components/ui/cn";
import { toneClass } from "@/components/ui/tone";
import { budgetWords } from "@/lib/objectives/words";
import { budgetTone } from "./words";

/** What is left of an error budget, as a bar with its words; `short` where there is room for a number alone. */
export function BudgetBar({ left, note = null }: { left: number; note?: string | null }) {
  const tone = budgetTone(left);
  return (
    <div className={cn("flex items-center gap-1.5 whitespace-nowrap text-12", toneClass[tone])}>
      <span aria-hidden="true" className="h-1.25 w-9 flex-none overflow-hidden rounded-square bg-track">
        <span
          className={cn("block h-full", tone === "none" ? "bg-ink-3" : "bg-fill")}
          style={{ width: `${Math.max(0, Math.min(1, left)) * 100}%` }}
        />
      </span>
      <span className={cn(tone === "none" ? "text-ink-3" : "font-semibold text-fg")} title={note ?? undefined}>
        {budgetWords(left)}
        {note && "*"}
      </span>
    </div>
  );
}
