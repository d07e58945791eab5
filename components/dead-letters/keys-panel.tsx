"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Loaded } from "@/components/live/loaded";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Panel, PanelHead } from "@/components/ui/panel";
import { ScrollRegion } from "@/components/ui/scroll-region";
import { type SelectionOfRows, useSelection } from "@/components/ui/selection";
import { ShowMore } from "@/components/ui/show-more";
import { SkeletonBlock } from "@/components/ui/skeleton";
import { Table, Th } from "@/components/ui/table";
import { MessageTableRow } from "./message-table-row";
import { messagesQuery } from "./queries";
import type { Act } from "./words";

type Props = {
  groupId: string;
  openN: number;
  picked: string | null;
  onPick: (id: string) => void;
  blocked: Record<Act, string | null>;
  /** The messages that are chosen and still listed: what every button and key of the screen acts on. */
  chosen: string[];
  onChosen: (messages: string[]) => void;
  ask: (act: Act) => void;
};

const stands = { refetchInterval: false, refetchOnWindowFocus: false } as const;

/** The messages of a group, newest first. Picking one shows it as the sample; checking some acts on these alone. */
export function KeysPanel({ groupId, openN, picked, onPick, blocked, chosen, onChosen, ask }: Props) {
  // The newest come first: while the list is in use or some are chosen it stands still, or they would be pushed out from under the pointer.
  const [used, setUsed] = useState(false);
  const query = useInfiniteQuery({ ...messagesQuery(groupId), ...((used || chosen.length > 0) && stands) });
  const rows = query.data?.pages.flatMap((page) => page.messages) ?? [];
  const selection = useSelection(rows.map((message) => message.id));
  const n = selection.ids.length;
  const all = openN.toLocaleString("en-US");
  // By their ids: the list is another one with every answer.
  const ids = selection.ids.join(" ");
  useEffect(() => onChosen(ids === "" ? [] : ids.split(" ")), [ids, onChosen]);
  return (
    <Panel
      onPointerEnter={() => setUsed(true)}
      onPointerLeave={() => setUsed(false)}
      onFocus={() => setUsed(true)}
      onBlur={(event) => event.currentTarget.contains(event.relatedTarget) || setUsed(false)}
    >
      <PanelHead title="Messages" note={n > 0 ? `${n} of ${all} selected` : used ? `${all} · stands still while in use` : all}>
        {n > 0 && (
          <>
            <Button size="sm" className="-my-0.5" blocked={blocked.discard} onClick={() => ask("discard")}>
              Discard {n}
            </Button>
            <Button size="sm" className="-my-0.5" blocked={blocked.retry} onClick={() => ask("retry")}>
              Retry {n}
            </Button>
          </>
        )}
      </PanelHead>
      <Loaded query={query} what="Messages" waiting={<SkeletonBlock />}>
        {(data) => (
          <>
            <ScrollRegion label="Messages of the group" className="max-h-84 overflow-y-auto">
              <Table>
                <Head selection={selection} />
                <tbody>
                  {rows.map((message) => (
                    <MessageTableRow
                      key={message.id}
                      message={message}
                      now={data.pages[0]!.now}
                      picked={message.id === picked}
                      chosen={selection.has(message.id)}
                      onPick={() => onPick(message.id)}
                      onChoose={(range) => selection.toggle(message.id, range)}
                    />
                  ))}
                </tbody>
              </Table>
            </ScrollRegion>
            <ShowMore query={query} />
          </>
        )}
      </Loaded>
    </Panel>
  );
}

function Head({ selection }: { selection: SelectionOfRows }) {
  return (
    <thead>
      <tr>
        <Th className="w-9 pr-0">
          <Checkbox checked={selection.state} onChange={selection.toggleAll} label="Select all messages that are listed" />
        </Th>
        <Th className="px-2">Key</Th>
        <Th className="px-2">Version</Th>
        <Th className="px-2">State</Th>
        <Th num className="px-2">
          Age
        </Th>
      </tr>
    </thead>
  );
}
