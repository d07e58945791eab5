"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Loaded } from "@/components/live/loaded";
import { Columns, Page } from "@/components/shell/page";
import { useScreenActions } from "@/components/shell/palette/actions";
import { VerdictBadge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { useKeys } from "@/components/ui/keys";
import { useAge } from "@/components/ui/live-age";
import { Panel } from "@/components/ui/panel";
import { Sentence } from "@/components/ui/sentence";
import { Skeleton, SkeletonBlock } from "@/components/ui/skeleton";
import { toneClass, verdictTone } from "@/components/ui/tone";
import { WindowBar } from "@/components/ui/window-bar";
import type { Instant } from "@/lib/time";
import type { KeyView } from "@/lib/timeline/views";
import { KeyEntries } from "./key-entries";
import { HoldingsPanel, UnknownPanel } from "./key-panels";
import { ZoneLinks } from "./key-parts";
import { keyQuery } from "./queries";
import { verdictWords } from "./words";

/** Everything that Accord knows of one business key: how it stands, what happened, and what each service holds. */
export function KeyScreen({ businessKey }: { businessKey: string }) {
  const query = useInfiniteQuery(keyQuery(businessKey));
  const zone = query.data?.pages[0]?.zones[0];
  return (
    <Page
      crumbs={[
        { label: "Zones", href: "/zones" },
        ...(zone ? [{ label: zone.title, href: `/zones/${encodeURIComponent(zone.zoneId)}` }] : []),
        { label: businessKey, code: true },
      ]}
    >
      <Loaded query={query} what="This key" headline waiting={<Waiting />}>
        {({ pages }) => (
          <Known
            pages={pages}
            checking={query.isRefetching}
            check={() => void query.refetch()}
            more={query.hasNextPage ? { busy: query.isFetchingNextPage, load: () => void query.fetchNextPage() } : null}
          />
        )}
      </Loaded>
    </Page>
  );
}

type KnownProps = { pages: KeyView[]; checking: boolean; check: () => void; more: { busy: boolean; load: () => void } | null };

function Known({ pages, check, more }: KnownProps) {
  const view = pages[0]!;
  useKeys({ c: check });
  useScreenActions([{ label: "Look at this key again", run: check, keys: "c" }]);
  return (
    <>
      <div className="mb-2 flex flex-wrap items-center gap-2.5">
        <h1 className="mono min-w-0 text-22 font-semibold [overflow-wrap:anywhere]">{view.key}</h1>
        <CopyButton text={view.key} label="Copy the key" />
        {view.known && <VerdictBadge verdict={view.verdict}>{verdictWords[view.verdict]}</VerdictBadge>}
        <ZoneLinks zones={view.zones} />
        <Button className="ml-auto" shortcut="c" onClick={check}>
          Look again
        </Button>
      </div>
      <p className="mb-3.5 min-h-[2lh] max-w-sentence text-pretty text-18 tracking-lead text-ink-2 max-md:text-15">
        <Sentence parts={view.sentence} />
      </p>
      {view.open !== null && view.open.windowMs !== null && (
        <AgeBar view={view} since={view.open.since} windowMs={view.open.windowMs} />
      )}
      {view.known ? (
        <Columns sideWidth={340} side={<HoldingsPanel view={view} />}>
          <KeyEntries view={view} entries={pages.flatMap((page) => page.entries)} more={more} />
        </Columns>
      ) : (
        <UnknownPanel view={view} />
      )}
    </>
  );
}

function AgeBar({ view, since, windowMs }: { view: KeyView; since: Instant; windowMs: number }) {
  const ms = useAge(since, view.now);
  return (
    <WindowBar
      share={ms / windowMs}
      tone={verdictTone[view.verdict]}
      tall
      className={`max-w-dialog ${toneClass[verdictTone[view.verdict]]}`}
    />
  );
}

const Waiting = () => (
  <>
    <Skeleton className="h-6 w-60" />
    <Panel className="mt-14 h-96">
      <SkeletonBlock />
    </Panel>
  </>
);
