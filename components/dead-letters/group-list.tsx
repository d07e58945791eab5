"use client";
import { type ReactNode, useState } from "react";
import { useScreenActions } from "@/components/shell/palette/actions";
import { useWhyNot } from "@/components/shell/use-why-not";
import { useRowCursor } from "@/components/ui/cursor";
import { Sheet } from "@/components/ui/dialog";
import { useHeldOrder } from "@/components/ui/held-order";
import { useKeys } from "@/components/ui/keys";
import { useMedia, usePhone } from "@/components/ui/media";
import { MovedNote } from "@/components/ui/moved-note";
import { Panel } from "@/components/ui/panel";
import { useSelection } from "@/components/ui/selection";
import type { GroupRow, GroupsView } from "@/lib/dead-letters/views";
import { counted } from "@/lib/words";
import { BulkBar } from "./bulk-bar";
import { ActDialog, MergeDialog, TriageDialog } from "./dialogs";
import { GroupDrawer } from "./group-drawer";
import { GroupTable } from "./group-table";
import { notMerged } from "./regroup-words";
import { openStates } from "./triage-buttons";
import type { Asking } from "./triage-words";
import { useTaking, useTriage } from "./use-triage";
import { type Act, blockedFor, phoneBlock, type Selection, selectionOf } from "./words";

/** The list, what is chosen in it, and the details of the row at the cursor. */
export function GroupList({ view, queries, open }: { view: GroupsView; queries: string[]; open: (groupId: string) => void }) {
  const { rows, movedN, release, hover } = useHeldOrder(view.groups, (group) => group.groupId);
  const ids = rows.map((group) => group.groupId);
  const cursor = useRowCursor(ids, open);
  const selection = useSelection(ids, `groups ${queries.join(" ")}`);
  const [allAsked, setAll] = useState(false);
  const all = allAsked && selection.state === true;
  const wide = useMedia("(min-width: 1200px)");
  const [asked, setAsked] = useState<{ act: Act; selection: Selection } | null>(null);
  const whyNot = useWhyNot();
  const [asking, setAsking] = useState<Asking | null>(null);
  const current = rows.find((group) => group.groupId === cursor.id);
  const triage = useTriage(current ?? null);
  const chosen = rows.filter((group) => selection.has(group.groupId));
  const target = chosen.length > 0 ? chosen : current ? [current] : [];
  // Of groups that are on another page nobody knows here who has them.
  const taking = useTaking(all ? [] : target);
  const [merging, setMerging] = useState<GroupRow[] | null>(null);
  const mergeBlocked =
    notMerged(chosen) ??
    whyNot(
      "group.merge",
      chosen.flatMap(({ zones }) => zones.map(({ zoneId }) => zoneId)),
    );
  const merge = () => mergeBlocked === null && !all && setMerging(chosen);
  const phone = usePhone();
  const blocked = (act: Act, groups = target) => phoneBlock(phone) ?? blockedFor(whyNot, act, groups);
  const ask = (act: Act) => {
    if (target.length > 0 && blocked(act) === null) {
      const groups = target.map((group) => group.groupId);
      setAsked({
        act,
        selection: all && chosen.length > 0 ? { queries: queries.length > 0 ? queries : [""] } : selectionOf(groups, queries),
      });
    }
  };
  useKeys({
    x: () => cursor.id && selection.toggle(cursor.id, false),
    "shift+x": () => cursor.id && selection.toggle(cursor.id, true),
    r: () => ask("retry"),
    // What is chosen is what a key acts on; where it stands is asked of one group at a time.
    a: taking.take,
    m: merge,
    e: () => chosen.length === 0 && openStates(),
    Escape: () => (selection.ids.length > 0 ? selection.clear() : cursor.setId(null)),
  });
  const chosenN = target.reduce((sum, group) => sum + (group.matchedN ?? group.openN), 0);
  const label = `Preview a retry of ${counted(chosenN, "message")}`;
  useScreenActions([
    ...(target.length === 0 ? [] : [{ label, run: () => ask("retry"), keys: "r", blocked: blocked("retry") }]),
    ...(target.length === 0
      ? []
      : [{ label: `Take ${counted(target.length, "group")}`, run: taking.take, keys: "a", blocked: taking.blocked }]),
    ...(chosen.length < 2
      ? []
      : [{ label: `Merge ${counted(chosen.length, "group")}`, run: merge, keys: "m", blocked: mergeBlocked }]),
  ]);
  const drawer = current && (
    <GroupDrawer
      group={current}
      place={`${ids.indexOf(current.groupId) + 1} of ${ids.length}`}
      blocked={blocked("retry", [current])}
      triage={triage}
      asks={setAsking}
      onRetry={() => setAsked({ act: "retry", selection: selectionOf([current.groupId], queries) })}
      onClose={() => cursor.setId(null)}
    />
  );
  return (
    <div className={drawer && wide ? "grid grid-cols-[minmax(0,1fr)_360px] items-start gap-3.5" : ""}>
      <Panel aria-label="Groups" className="relative" {...hover}>
        <MovedNote movedN={movedN} what={movedN === 1 ? "group" : "groups"} release={release} />
        <BulkBar
          groups={rows}
          totals={view}
          selection={selection}
          all={all}
          setAll={setAll}
          blocked={{ retry: blocked("retry"), discard: blocked("discard") }}
          taking={taking}
          merging={{ blocked: mergeBlocked, merge }}
          act={ask}
        />
        <GroupTable groups={rows} now={view.now} cursor={cursor.id} selection={selection} onPick={cursor.setId} />
      </Panel>
      {drawer && (
        <Beside wide={wide} title={current.errorType} close={() => cursor.setId(null)}>
          {drawer}
        </Beside>
      )}
      {asking && current && (
        <TriageDialog asking={asking} group={current} triage={triage} now={view.now} onClose={() => setAsking(null)} />
      )}
      {merging && <MergeDialog groups={merging} onDone={selection.clear} onClose={() => setMerging(null)} />}
      {asked && <ActDialog act={asked.act} selection={asked.selection} onClose={() => setAsked(null)} />}
    </div>
  );
}

type BesideProps = { wide: boolean; title: string; close: () => void; children: ReactNode };

/** Details beside the list where there is room, else in a sheet over it. */
function Beside({ wide, title, close, children }: BesideProps) {
  if (wide)
    return (
      <Panel aria-label="Details of the group" className="sticky top-4">
        {children}
      </Panel>
    );
  return (
    <Sheet open title={title} onOpenChange={(stays) => !stays && close()}>
      {children}
    </Sheet>
  );
}
