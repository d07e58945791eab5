import { BlockedNote } from "@/components/ui/blocked-note";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { ClearSelection } from "@/components/ui/clear-selection";
import { cn } from "@/components/ui/cn";
import type { SelectionOfRows } from "@/components/ui/selection";
import { type BulkAct, bulkActs } from "@/lib/cases/bulk.rules";
import { counted } from "@/lib/words";
import { bulkWord } from "./bulk-words";

type Props = {
  shownN: number;
  selection: SelectionOfRows;
  blocked: (act: BulkAct) => string | null;
  ask: (act: BulkAct) => void;
};

/** How many cases are chosen, and what can be done with them. Always there, so that choosing moves nothing. */
export function CaseBulkBar({ shownN, selection, blocked, ask }: Props) {
  const chosenN = selection.ids.length;
  return (
    <div
      className={cn(
        "flex min-h-10.5 flex-wrap items-center gap-2.5 rounded-t-panel border-b px-3.5 py-1.5",
        chosenN > 0 && "border-accent-line bg-selected",
      )}
    >
      <Checkbox checked={selection.state} onChange={selection.toggleAll} label="Select all cases of this page" />
      {chosenN > 0 ? <b>{counted(chosenN, "case")}</b> : <span className="text-ink-2">{counted(shownN, "case")} shown</span>}
      {chosenN > 0 && (
        <>
          <div className="ml-auto flex flex-wrap items-center gap-2.5 max-sm:w-full">
            {bulkActs.map((act) => (
              <Button key={act} size="sm" blocked={blocked(act)} onClick={() => ask(act)}>
                {bulkWord[act].verb}
              </Button>
            ))}
            <ClearSelection onClick={selection.clear} />
          </div>
          <div className="w-full empty:hidden">
            <BlockedNote reason={blocked("acknowledge")} />
          </div>
        </>
      )}
    </div>
  );
}
