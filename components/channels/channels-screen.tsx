"use client";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Loaded } from "@/components/live/loaded";
import { Columns, Page } from "@/components/shell/page";
import { Empty } from "@/components/ui/empty";
import { Panel, PanelHead } from "@/components/ui/panel";
import { LeadSentence } from "@/components/ui/sentence";
import { ShowMore } from "@/components/ui/show-more";
import { Skeleton, SkeletonBlock } from "@/components/ui/skeleton";
import { ChannelPanel } from "./channel-panel";
import { channelsQuery, notificationsQuery } from "./queries";
import { RoutesPanel } from "./routes-panel";
import { ToldTable } from "./told-table";
import { channelsSentence } from "./words";

/** Through what alerts are told, whether it gets through, and what was told. */
export function ChannelsScreen() {
  const query = useQuery(channelsQuery());
  return (
    <Page crumbs={[{ label: "Alerts", href: "/alerts" }, { label: "Channels" }]}>
      <Loaded query={query} what="the channels" headline waiting={<Waiting />}>
        {({ channels, routes, now }) => (
          <>
            <LeadSentence parts={channelsSentence(channels)} className="mb-3.5" />
            <Columns
              side={
                <>
                  {channels.map((one) => (
                    <ChannelPanel key={one.name} one={one} now={now} />
                  ))}
                  {channels.length > 0 && routes.length > 0 && <RoutesPanel routes={routes} />}
                </>
              }
            >
              <Told />
            </Columns>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Told() {
  const query = useInfiniteQuery(notificationsQuery(""));
  const pages = query.data?.pages;
  const rows = pages?.flatMap(({ notifications }) => notifications) ?? [];
  return (
    <Panel>
      <PanelHead title="Told" note="kept for 90 days" />
      {!pages ? (
        <SkeletonBlock />
      ) : rows.length === 0 ? (
        <Empty kind="first-use" icon="bell" title="Nothing was told yet.">
          Steps of alerts stand here as soon as there is a channel for them.
        </Empty>
      ) : (
        <ToldTable rows={rows} now={pages[0]!.now} />
      )}
      <ShowMore query={query} />
    </Panel>
  );
}

const Waiting = () => (
  <>
    <Skeleton className="mb-4 h-6 w-3/5" />
    <Panel className="h-64">
      <SkeletonBlock />
    </Panel>
  </>
);
