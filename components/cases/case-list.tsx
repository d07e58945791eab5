"use client";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Loaded } from "@/components/live/loaded";
import { meQuery } from "@/components/shell/queries";
import { useWhyNot } from "@/components/shell/use-why-not";
import { Button } from "@/components/ui/button";
import { useRowCursor } from "@/components/ui/cursor";
import { Empty } from "@/components/ui/empty";
import { useHeldOrder } from "@/components/ui/held-order";
import { useKeys } from "@/components/ui/keys";
import { MovedNote } from "@/components/ui/moved-note";
import { Panel } from "@/components/ui/panel";
import { useSelection } from "@/components/ui/selection";
import { ShowMore } from "@/components/ui/show-more";
import { SkeletonRows } from "@/components/ui/skeleton";
import { BULK_MAX, type BulkAct } from "@/lib/cases/bulk.rules";
import type { CaseRow } from "@/lib/cases/views";
import type { Instant } from "@/lib/time";
import { CaseBulkBar } from "./bulk-bar";
import { CaseFilter, type CaseFilterState } from "./case-filter";
import { CaseTable } from "./case-table";
import { CaseBulkDialog } from "./dialogs";
import { casesQuery } from "./queries";
import { caseHref } from "./words";

/** Cases behind a filter, page by page. */
export function CaseList({ of, withZone }: { of: CaseFilterState; withZone: boolean }) {
  const query = useInfiniteQuery(casesQuery(of.search));
  return (
    <>
      <CaseFilter of={of} view={query.data?.pages[0]} withZone={withZone} />
      <Loaded
        query={query}
        what="Cases"
        headline={withZone}
        waiting={
          <Panel>
            <SkeletonRows rows={6} />
          </Panel>
        }
        empty={(data) => (data.pages[0]?.cases.length === 0 ? <Nothing of={of} /> : null)}
      >
        {(data) => (
          <>
            <Rows cases={data.pages.flatMap((page) => page.cases)} now={data.pages[0]!.now} withZone={withZone} />
            <ShowMore query={query} words="Show more cases" apart />
          </>
        )}
      </Loaded>
    </>
  );
}

function Rows({ cases, now, withZone }: { cases: CaseRow[]; now: Instant; withZone: boolean }) {
  const router = useRouter();
  const { rows, movedN, release, hover } = useHeldOrder(cases, (one) => one.caseId);
  const cursor = useRowCursor(
    rows.map((one) => one.caseId),
    (id) => router.push(caseHref(id)),
  );
  const bulk = useBulk(rows, cursor);
  return (
    <Panel aria-label="Cases" className="relative overflow-hidden" {...hover}>
      <MovedNote movedN={movedN} what={movedN === 1 ? "case" : "cases"} release={release} />
      <CaseBulkBar shownN={rows.length} selection={bulk.selection} blocked={bulk.blocked} ask={bulk.ask} />
      <CaseTable cases={rows} now={now} cursor={cursor.id} selection={bulk.selection} withZone={withZone} />
      {bulk.asked && bulk.me !== null && (
        <CaseBulkDialog {...bulk.asked} me={bulk.me} onDone={bulk.done} onClose={() => bulk.setAsked(null)} />
      )}
    </Panel>
  );
}

/** Which cases are chosen, and what is asked of all of them. */
function useBulk(rows: CaseRow[], cursor: { id: string | null; setId: (id: string | null) => void }) {
  const selection = useSelection(rows.map((one) => one.caseId));
  const { data: me } = useQuery(meQuery());
  const whyNot = useWhyNot();
  const [asked, setAsked] = useState<{ act: BulkAct; cases: string[] } | null>(null);
  const chosen = rows.filter((one) => selection.has(one.caseId));
  const zones = [...new Set(chosen.map((one) => one.zone.zoneId))];
  const blocked = (act: BulkAct): string | null =>
    chosen.length > BULK_MAX ? `At most ${BULK_MAX} cases in one go.` : whyNot(`case.${act}`, zones);
  useKeys({
    x: () => cursor.id && selection.toggle(cursor.id, false),
    "shift+x": () => cursor.id && selection.toggle(cursor.id, true),
    Escape: () => (chosen.length > 0 ? selection.clear() : cursor.setId(null)),
  });
  return {
    selection,
    blocked,
    asked,
    setAsked,
    me: me?.actor.operatorId ?? null,
    ask: (act: BulkAct) => blocked(act) === null && setAsked({ act, cases: chosen.map((one) => one.caseId) }),
    done: () => {
      setAsked(null);
      selection.clear();
    },
  };
}

const Nothing = ({ of }: { of: CaseFilterState }) => (
  <Panel>
    {of.narrowed ? (
      <Empty
        kind="filtered"
        title="No case is in this state"
        actions={
          <Button size="sm" onClick={of.clear}>
            Show all
          </Button>
        }
      />
    ) : (
      <Empty kind="good" title="No case is open">
        A cause that outlives its zone’s window opens one by itself: dead letters, stuck sagas, differences between services.
      </Empty>
    )}
  </Panel>
);
