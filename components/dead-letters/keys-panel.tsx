"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import Link from "next/link";
import { operationHref, operationName } from "@/components/operations/words";
import { Tag } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { LiveAge } from "@/components/ui/live-age";
import { Loaded } from "@/components/ui/loaded";
import { Panel, PanelHead } from "@/components/ui/panel";
import { ScrollRegion } from "@/components/ui/scroll-region";
import { SkeletonBlock } from "@/components/ui/skeleton";
import { Table, Td, Th } from "@/components/ui/table";
import type { MessageRow } from "@/lib/dead-letters/views";
import type { Instant } from "@/lib/time";
import { messagesQuery } from "./queries";
import { KeyLink } from "./sample-panel";

/** The messages of a group, oldest fact first; picking one shows it as the sample. */
export function KeysPanel({
  groupId,
  openN,
  picked,
  onPick,
}: {
  groupId: string;
  openN: number;
  picked: string | null;
  onPick: (id: string) => void;
}) {
  const query = useInfiniteQuery(messagesQuery(groupId));
  return (
    <Panel>
      <PanelHead title="Messages" note={openN.toLocaleString("en-US")} />
      <Loaded query={query} what="Messages" waiting={<SkeletonBlock />}>
        {(data) => (
          <>
            <ScrollRegion label="Messages of the group" className="max-h-[336px] overflow-y-auto">
              <Table>
                <thead>
                  <tr>
                    <Th className="px-2">Key</Th>
                    <Th className="px-2">Version</Th>
                    <Th className="px-2">State</Th>
                    <Th num className="px-2">
                      Age
                    </Th>
                  </tr>
                </thead>
                <tbody>
                  {data.pages.flatMap((page) =>
                    page.messages.map((message) => (
                      <Row
                        key={message.id}
                        message={message}
                        now={page.now}
                        picked={message.id === picked}
                        onPick={() => onPick(message.id)}
                      />
                    )),
                  )}
                </tbody>
              </Table>
            </ScrollRegion>
            {query.hasNextPage && (
              <div className="border-t px-3.5 py-2">
                <Button size="sm" busy={query.isFetchingNextPage && "Loading"} onClick={() => query.fetchNextPage()}>
                  Show more
                </Button>
              </div>
            )}
          </>
        )}
      </Loaded>
    </Panel>
  );
}

function Row({ message, now, picked, onPick }: { message: MessageRow; now: Instant; picked: boolean; onPick: () => void }) {
  const cell = "px-2 py-1.5 text-12";
  return (
    <tr onClick={onPick} className={cn("cursor-pointer hover:bg-hover", picked && "bg-selected")}>
      <Td className={cell}>
        <KeyLink {...message} />
      </Td>
      <Td className={cn(cell, "mono")}>
        {message.version === null ? <span className="text-ink-3">–</span> : `v${message.version}`}
      </Td>
      <Td className={cell}>
        {message.operationId ? (
          <Link href={operationHref(message.operationId)} onClick={(event) => event.stopPropagation()} className="link mono">
            {operationName(message.operationId)}
          </Link>
        ) : (
          <span className="text-ink-3">{message.state}</span>
        )}
      </Td>
      <Td num className={cn(cell, "text-ink-3")}>
        {message.flagged && (
          <span title="Its time made no sense; the age counts from when Accord first saw it.">
            <Tag tone="risk">time?</Tag>{" "}
          </span>
        )}
        <LiveAge since={message.occurredAt ?? message.parkedAt} asOf={now} short />
      </Td>
    </tr>
  );
}
