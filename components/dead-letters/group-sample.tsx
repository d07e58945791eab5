"use client";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Loaded } from "@/components/live/loaded";
import { Empty } from "@/components/ui/empty";
import { Kbd } from "@/components/ui/kbd";
import { useKeys } from "@/components/ui/keys";
import { Panel } from "@/components/ui/panel";
import { SkeletonBlock } from "@/components/ui/skeleton";
import type { GroupView } from "@/lib/dead-letters/views";
import { ExceptionPanel } from "./exception-panel";
import { messageQuery, messagesQuery } from "./queries";
import { MessageLink, SamplePanel } from "./sample-panel";

/** One message of the group, read in full; `j` and `k` go to its neighbours. */
export function GroupSample({ view, picked, onPick }: { view: GroupView; picked: string | null; onPick: (id: string) => void }) {
  // The newest message changes by the second while a group grows; what is being read stays.
  const [first] = useState(view.sampleId);
  const id = picked ?? first ?? view.sampleId;
  const { data: messages } = useInfiniteQuery({ ...messagesQuery(view.group.groupId), refetchInterval: false });
  const ids = messages?.pages.flatMap((page) => page.messages.map((message) => message.id)) ?? [];
  const at = id === null ? -1 : ids.indexOf(id);
  const move = (by: number) => {
    const next = ids[Math.max(0, Math.min(ids.length - 1, at + by))];
    if (next) onPick(next);
  };
  useKeys({ j: () => move(1), k: () => move(-1) });
  if (id === null)
    return (
      <Panel>
        <Empty kind="good" title="Nothing of this group is parked any more">
          What it held was processed or discarded; the operations say by whom.
        </Empty>
      </Panel>
    );
  return <SampleOf id={id} frame={view.frame} place={`one of ${view.group.openN.toLocaleString("en-US")},`} />;
}

function SampleOf({ id, frame, place }: { id: string; frame: string | null; place: string }) {
  const query = useQuery(messageQuery(id));
  return (
    <Loaded
      query={query}
      what="The sample"
      waiting={
        <Panel className="h-105">
          <SkeletonBlock />
        </Panel>
      }
    >
      {(message) => (
        <>
          <SamplePanel
            view={message}
            title="Sample"
            note={
              <span className="inline-flex items-center gap-1 text-13 text-ink-2">
                {place} <MessageLink {...message.message} /> <Kbd>j</Kbd> <Kbd>k</Kbd>
              </span>
            }
          />
          <ExceptionPanel view={message} frame={frame} />
        </>
      )}
    </Loaded>
  );
}
