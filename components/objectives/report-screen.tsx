"use client";
import { useQuery } from "@tanstack/react-query";
import { Loaded } from "@/components/live/loaded";
import { Page } from "@/components/shell/page";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { Panel, PanelHead } from "@/components/ui/panel";
import { LeadSentence } from "@/components/ui/sentence";
import { Skeleton } from "@/components/ui/skeleton";
import type { ReportView } from "@/lib/objectives/views";
import { reportQuery, reportSearch } from "./queries";
import { OwnersTable, ReportTable } from "./report-tables";

/** How the promises of a month were kept: a page that prints, zone by zone and owner by owner. */
export function ReportScreen({ search }: { search: string }) {
  const query = useQuery(reportQuery(search));
  return (
    <Page crumbs={[{ label: "Promises" }]}>
      <Loaded query={query} what="The report" headline waiting={<Skeleton className="h-6 w-72" />}>
        {(view) => <Report view={view} search={search} />}
      </Loaded>
    </Page>
  );
}

const monthTitle = (at: number): string =>
  new Date(at).toLocaleDateString("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });
const monthOf = (at: number): string => new Date(at).toISOString().slice(0, 7);

function Report({ view, search }: { view: ReportView; search: string }) {
  const { sentence, zones, byOwner, now, to } = view;
  return (
    <>
      <LeadSentence parts={sentence} />
      <Choices view={view} search={search} />
      {zones.length === 0 ? (
        <Empty kind="filtered" title="No zones">
          No zone of yours belongs to this owner.
        </Empty>
      ) : (
        <div className="mt-4 space-y-4">
          {byOwner.length > 1 && (
            <Panel>
              <PanelHead title="By owner" note="deliveries of all their zones" />
              <OwnersTable view={view} />
            </Panel>
          )}
          <Panel>
            <PanelHead title={`Zones, ${monthTitle(view.from)}`} note={to > now ? "so far; days of UTC" : "days of UTC"} />
            <ReportTable zones={zones} />
          </Panel>
        </div>
      )}
    </>
  );
}

function Choices({ view: { month, from, to, now, owner, owners }, search }: { view: ReportView; search: string }) {
  const at = (month: string) => `/promises?${reportSearch({ month, owner })}`;
  return (
    <nav aria-label="Month and owner" className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-2 text-12">
      <span className="flex items-center gap-2">
        <Link href={at(monthOf(from - 1))} className="link print:hidden">
          ← {monthTitle(from - 1)}
        </Link>
        <b>{monthTitle(from)}</b>
        {to <= now && (
          <Link href={at(monthOf(to))} className="link print:hidden">
            {monthTitle(to)} →
          </Link>
        )}
      </span>
      <ul className="flex flex-wrap gap-x-3 gap-y-1 print:hidden" aria-label="Owner">
        {[null, ...owners].map((name) => (
          <li key={name ?? ""}>
            <Link
              href={`/promises?${reportSearch({ month, owner: name })}`}
              aria-current={name === owner ? "true" : undefined}
              className={name === owner ? "font-semibold" : "link"}
            >
              {name ?? "Everybody"}
            </Link>
          </li>
        ))}
      </ul>
      <span className="ml-auto flex items-center gap-3 print:hidden">
        <a href={`/api/v1/promises/csv?${search}`} download className="link">
          CSV
        </a>
        <Button onClick={() => window.print()}>Print</Button>
      </span>
    </nav>
  );
}
