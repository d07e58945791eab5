"use client";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useScreenActions } from "@/components/shell/palette/actions";
import { useWhyNot } from "@/components/shell/use-why-not";
import { BlockedNote } from "@/components/ui/blocked-note";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { ClearSelection } from "@/components/ui/clear-selection";
import { cn } from "@/components/ui/cn";
import { useRowCursor } from "@/components/ui/cursor";
import { useHeldOrder } from "@/components/ui/held-order";
import { useKeys } from "@/components/ui/keys";
import { MovedNote } from "@/components/ui/moved-note";
import { Panel } from "@/components/ui/panel";
import { type SelectionOfRows, useSelection } from "@/components/ui/selection";
import type { SagaRow } from "@/lib/sagas/views";
import type { Instant } from "@/lib/time";
import { counted } from "@/lib/words";
import { HoldDialog, ReleaseDialog } from "./dialogs";
import { SagaTable } from "./saga-table";
import { type Act, blockedFor, rowId, sagaHref } from "./words";

/** The list, what is chosen in it, and what can be done with that. */
export function SagaList({ sagas, now }: { sagas: SagaRow[]; now: Instant }) {
  const router = useRouter();
  const { rows, movedN, release, hover } = useHeldOrder(sagas, rowId);
  const ids = rows.map(rowId);
  const cursor = useRowCursor(ids, (id) => router.push(sagaHref(rows.find((saga) => rowId(saga) === id)!)));
  const selection = useSelection(ids);
  const [asked, setAsked] = useState<{ act: Act; sagas: SagaRow[] } | null>(null);
  const whyNot = useWhyNot();
  const chosen = rows.filter((saga) => selection.has(rowId(saga)));
  const current = rows.find((saga) => rowId(saga) === cursor.id);
  const target = chosen.length > 0 ? chosen : current ? [current] : [];
  const blocked = (act: Act) => blockedFor(whyNot, act, target, now);
  const ask = (act: Act) => {
    if (target.length > 0 && blocked(act) === null) setAsked({ act, sagas: target });
  };
  useKeys({
    x: () => cursor.id && selection.toggle(cursor.id, false),
    "shift+x": () => cursor.id && selection.toggle(cursor.id, true),
    h: () => ask("hold"),
    Escape: () => (selection.ids.length > 0 ? selection.clear() : cursor.setId(null)),
  });
  const offered = (act: Act, verb: string, keys: { keys?: string } = {}) => ({
    label: `${verb} compensations of ${counted(target.length, "saga")}`,
    run: () => ask(act),
    blocked: blocked(act),
    ...keys,
  });
  useScreenActions(target.length === 0 ? [] : [offered("hold", "Hold", { keys: "h" }), offered("release", "Release")]);
  const choice = { sagas: (asked?.sagas ?? []).map(({ sourceId, sagaId }) => ({ sourceId, sagaId })) };
  const close = () => setAsked(null);
  return (
    <Panel aria-label="Sagas" className="relative" {...hover}>
      <MovedNote movedN={movedN} what={movedN === 1 ? "saga" : "sagas"} release={release} />
      <Bar shownN={rows.length} chosenN={chosen.length} selection={selection} blocked={blocked} ask={ask} />
      <SagaTable sagas={rows} now={now} cursor={cursor.id} selection={selection} onPick={cursor.setId} />
      {asked?.act === "hold" && <HoldDialog selection={choice} onClose={close} />}
      {asked?.act === "release" && (
        <ReleaseDialog
          selection={choice}
          n={asked.sagas.length}
          pastN={asked.sagas.filter(({ deadlineAt }) => deadlineAt !== null && deadlineAt < now).length}
          onClose={close}
        />
      )}
    </Panel>
  );
}

type BarProps = {
  shownN: number;
  chosenN: number;
  selection: SelectionOfRows;
  blocked: (act: Act) => string | null;
  ask: (act: Act) => void;
};

/** How many are chosen, and what can be done with them. Always there, so that choosing moves nothing. */
function Bar({ shownN, chosenN, selection, blocked, ask }: BarProps) {
  const any = chosenN > 0;
  return (
    <div
      className={cn(
        "flex min-h-10.5 flex-wrap items-center gap-2.5 rounded-t-panel border-b px-3.5 py-1.5",
        any && "border-accent-line bg-selected",
      )}
    >
      <Checkbox checked={selection.state} onChange={selection.toggleAll} label="Select all sagas of this page" />
      {any ? <b>{counted(chosenN, "saga")}</b> : <span className="text-ink-2">{counted(shownN, "saga")} shown</span>}
      {any && (
        <div className="ml-auto flex items-center gap-2.5 max-sm:w-full">
          <Button size="sm" icon="pause" shortcut="h" blocked={blocked("hold")} onClick={() => ask("hold")}>
            Hold
          </Button>
          <Button size="sm" icon="play" blocked={blocked("release")} onClick={() => ask("release")}>
            Release
          </Button>
          <ClearSelection onClick={selection.clear} />
        </div>
      )}
      {any && (
        <div className="w-full empty:hidden">
          <BlockedNote reason={blocked("hold")} />
        </div>
      )}
    </div>
  );
}
