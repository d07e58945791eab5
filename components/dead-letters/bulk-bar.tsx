import { BlockedNote } from "@/components/ui/blocked-note";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { ClearSelection } from "@/components/ui/clear-selection";
import { cn } from "@/components/ui/cn";
import type { SelectionOfRows } from "@/components/ui/selection";
import type { GroupRow } from "@/lib/dead-letters/views";
import { counted } from "@/lib/words";
import type { Act } from "./words";

type Props = {
  groups: GroupRow[];
  totals: { groupsN: number; messagesN: number; atLeast: boolean };
  selection: SelectionOfRows;
  /** Whether all that match are meant, and not only what is chosen on this page. */
  all: boolean;
  setAll: (all: boolean) => void;
  blocked: Record<Act, string | null>;
  taking: { blocked: string | null; busy: boolean; take: () => void };
  merging: { blocked: string | null; merge: () => void };
  act: (act: Act) => void;
};

/** How many messages are chosen, not only groups, and what can be done with them. Always there, so that choosing moves nothing. */
export function BulkBar({ groups, totals, selection, all, setAll, blocked, taking, merging, act }: Props) {
  const chosen = groups.filter((group) => selection.has(group.groupId));
  const any = chosen.length > 0;
  const messagesN = chosen.reduce((sum, group) => sum + (group.matchedN ?? group.openN), 0);
  const some = `${chosen.some((group) => group.matchedMore) ? "at least " : ""}${counted(messagesN, "message")}`;
  const every = `${totals.atLeast ? "at least " : ""}${counted(totals.messagesN, "message")}`;
  return (
    <div
      className={cn(
        "flex min-h-10.5 flex-wrap items-center gap-2.5 rounded-t-panel border-b px-3.5 py-1.5",
        any && "border-accent-line bg-selected",
      )}
    >
      <Checkbox checked={selection.state} onChange={selection.toggleAll} label="Select all groups of this page" />
      {any ? (
        <b>{all ? `All that match, ${every}` : `${counted(chosen.length, "group")}, ${some}`}</b>
      ) : (
        <span className="text-ink-2">
          {totals.atLeast && "At least "}
          {counted(totals.groupsN, "group")}, {every}
        </span>
      )}
      {any && selection.state === true && totals.messagesN > messagesN && (
        <Button size="sm" tone="ghost" onClick={() => setAll(!all)}>
          {all ? "Only this page" : `Select all that match, ${every}`}
        </Button>
      )}
      {any && (
        <div className="ml-auto flex items-center gap-2.5 max-sm:w-full">
          <Button size="sm" shortcut="r" blocked={blocked.retry} onClick={() => act("retry")}>
            Preview retry
          </Button>
          {!all && (
            <Button size="sm" shortcut="a" blocked={taking.blocked} busy={taking.busy && "Taking"} onClick={taking.take}>
              Take
            </Button>
          )}
          {!all && chosen.length > 1 && (
            <Button size="sm" shortcut="m" blocked={merging.blocked} onClick={merging.merge}>
              Merge
            </Button>
          )}
          <Button size="sm" blocked={blocked.discard} onClick={() => act("discard")}>
            Discard
          </Button>
          <ClearSelection onClick={selection.clear} />
        </div>
      )}
      {any && (
        <div className="w-full empty:hidden">
          <BlockedNote reason={blocked.retry ?? blocked.discard} />
        </div>
      )}
    </div>
  );
}
