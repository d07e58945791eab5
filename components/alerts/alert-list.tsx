"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { Loaded } from "@/components/live/loaded";
import { useRowCursor } from "@/components/ui/cursor";
import { Empty } from "@/components/ui/empty";
import { Panel } from "@/components/ui/panel";
import { Segmented } from "@/components/ui/segmented";
import { ShowMore } from "@/components/ui/show-more";
import { SkeletonRows } from "@/components/ui/skeleton";
import { ZoneFilter } from "@/components/ui/zone-select";
import { isEvaluated } from "@/lib/alerts/rules";
import type { AlertRow, AlertsView } from "@/lib/alerts/views";
import { AlertTable } from "./alert-table";
import { alertSearch, alertStatesShown } from "./filter";
import { alertsQuery } from "./queries";
import { SilencesPanel } from "./silences-panel";
import { UnknownPanel } from "./unknown-panel";
import { alertHref } from "./words";

/** What the list is narrowed to, in the address, so that a link shows a colleague the same. */
export function useAlertFilter(zoneId?: string) {
  const [filter, setFilter] = useQueryStates({
    state: parseAsStringLiteral(alertStatesShown).withDefault("open"),
    zone: parseAsString,
  });
  return { filter, setFilter, search: alertSearch(zoneId ? { ...filter, zone: zoneId } : filter).toString() };
}
type Filter = ReturnType<typeof useAlertFilter>;

/** Alerts behind a filter, with when nobody is told, and what cannot be evaluated. */
export function AlertList({ of, zoneId }: { of: Filter; zoneId?: string }) {
  const query = useInfiniteQuery(alertsQuery(of.search));
  return (
    <>
      <Narrowing of={of} view={query.data?.pages[0]} withZone={zoneId === undefined} />
      <Loaded
        query={query}
        what="Alerts"
        headline={zoneId === undefined}
        waiting={
          <Panel>
            <SkeletonRows rows={4} />
          </Panel>
        }
      >
        {(data) => {
          const first = data.pages[0]!;
          return (
            <div className="flex flex-col gap-4">
              <Rows
                alerts={data.pages.flatMap(({ alerts }) => alerts)}
                first={first}
                past={of.filter.state === "past"}
                withZone={zoneId === undefined}
              />
              <ShowMore query={query} words="Show more alerts" apart />
              {first.unknown.length > 0 && <UnknownPanel unknown={first.unknown} now={first.now} />}
              <SilencesPanel silences={first.silences} zones={first.zones} zoneId={zoneId ?? null} now={first.now} />
            </div>
          );
        }}
      </Loaded>
    </>
  );
}

function Narrowing({ of, view, withZone }: { of: Filter; view: AlertsView | undefined; withZone: boolean }) {
  const { filter, setFilter } = of;
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      <Segmented
        label="State"
        value={filter.state}
        onChange={(state) => setFilter({ state })}
        options={[
          { value: "open", label: "Open" },
          { value: "past", label: "History" },
        ]}
      />
      {withZone && <ZoneFilter zones={view?.zones ?? []} value={filter.zone} onChange={(zone) => setFilter({ zone })} />}
    </div>
  );
}

type RowsProps = { alerts: AlertRow[]; first: AlertsView; past: boolean; withZone: boolean };

function Rows({ alerts, first, past, withZone }: RowsProps) {
  const router = useRouter();
  const cursor = useRowCursor(
    alerts.map(({ alertId }) => alertId),
    (id) => router.push(alertHref(id)),
  );
  if (alerts.length === 0)
    return (
      <Panel>
        <Nothing past={past} evaluated={isEvaluated(first.evaluatedAt, first.now)} />
      </Panel>
    );
  return (
    <Panel aria-label="Alerts" className="relative overflow-hidden">
      <AlertTable alerts={alerts} now={first.now} cursor={cursor.id} withZone={withZone} past={past} />
    </Panel>
  );
}

/** No alert: none has ended, none is open, or nobody looks. */
function Nothing({ past, evaluated }: { past: boolean; evaluated: boolean }) {
  if (past)
    return (
      <Empty kind="filtered" title="No alert has ended yet">
        What was raised and is over stands here for 400 days.
      </Empty>
    );
  if (!evaluated)
    return (
      <Empty kind="first-use" icon="bell" title="Whether an alert should be open nobody can tell">
        No worker evaluates conditions now: they are, every ten seconds, as soon as one runs.
      </Empty>
    );
  return (
    <Empty kind="good" title="No alert is open">
      Conditions of the contracts, and those that every zone has, are evaluated every ten seconds.
    </Empty>
  );
}
