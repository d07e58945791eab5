"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { Loaded } from "@/components/live/loaded";
import { Button } from "@/components/ui/button";
import { useRowCursor } from "@/components/ui/cursor";
import { Empty } from "@/components/ui/empty";
import { useHeldOrder } from "@/components/ui/held-order";
import { MovedNote } from "@/components/ui/moved-note";
import { Panel } from "@/components/ui/panel";
import { ShowMore } from "@/components/ui/show-more";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { CaseRow } from "@/lib/cases/views";
import type { Instant } from "@/lib/time";
import { CaseFilter, type CaseFilterState } from "./case-filter";
import { CaseTable } from "./case-table";
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
  return (
    <Panel aria-label="Cases" className="relative overflow-hidden" {...hover}>
      <MovedNote movedN={movedN} what={movedN === 1 ? "case" : "cases"} release={release} />
      <CaseTable cases={rows} now={now} cursor={cursor.id} withZone={withZone} />
    </Panel>
  );
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
