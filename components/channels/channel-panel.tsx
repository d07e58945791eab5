"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useIntent } from "@/components/intent";
import { useWhyNot } from "@/components/shell/use-why-not";
import { Tag } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Facts, Panel, PanelHead } from "@/components/ui/panel";
import { toast } from "@/components/ui/toast";
import { When } from "@/components/ui/when";
import type { ChannelRow } from "@/lib/notifications/views";
import { type Instant, windowWords } from "@/lib/time";
import { requestRejoin, requestTest, testQuery } from "./queries";
import { acknowledgeWord, healthTone, healthWord, kindWord } from "./words";

/** One channel: whether it gets through, what waits for it, and a test of it. */
export function ChannelPanel({ one, now }: { one: ChannelRow; now: Instant }) {
  const whyNot = useWhyNot();
  const [testId, setTestId] = useState<string | null>(null);
  const testing = useIntent(requestTest, {
    onSuccess: ({ notificationId }) => setTestId(notificationId),
    onError: (error) => toast(error.message),
  });
  return (
    <Panel>
      <PanelHead title={one.name} note={one.heartbeat ? `${kindWord[one.kind]}, dead man’s switch` : kindWord[one.kind]}>
        <Tag tone={healthTone(one.health)}>{healthWord[one.health]}</Tag>
        {!one.heartbeat && (
          <Button
            size="sm"
            busy={testing.isPending && "Asking"}
            blocked={whyNot("channel.test", [])}
            onClick={() => testing.mutate({ channel: one.name })}
          >
            Send a test
          </Button>
        )}
      </PanelHead>
      <div className="px-3.5 py-3">
        <Facts rows={factsOf(one, now)} />
        {testId && <TestAnswer name={one.name} notificationId={testId} />}
        {one.settings && one.settings.left.length > 0 && <LeftList channel={one.name} left={one.settings.left} now={now} />}
      </div>
    </Panel>
  );
}

function factsOf(one: ChannelRow, now: Instant): [string, React.ReactNode][] {
  const { settings, heartbeat } = one;
  const last = heartbeat ? one.heartbeatAt : one.lastSentAt;
  return [
    [heartbeat ? "Last sent" : "Last told", last === null ? "never" : <When key="l" at={last} now={now} />],
    ...(one.failingSince === null
      ? []
      : [
          [
            "Fails since",
            <span key="f">
              <When at={one.failingSince} now={now} />: it {one.lastWords}
            </span>,
          ] as [string, React.ReactNode],
        ]),
    ...(heartbeat
      ? []
      : [
          ["Waits", one.waitingN.toLocaleString("en-US")] as [string, React.ReactNode],
          ["Given up", one.deadN.toLocaleString("en-US")] as [string, React.ReactNode],
        ]),
    ...(settings === null
      ? []
      : ([
          [
            "Goes to",
            <span key="t" className="[overflow-wrap:anywhere]">
              {settings.target}
            </span>,
          ],
          ["Bound", `${settings.perMinute.toLocaleString("en-US")} a minute, ${windowWords(settings.timeoutMs)} each`],
          ...(heartbeat ? [] : [["Acknowledge", acknowledgeWord[settings.acknowledge]]]),
          ...(settings.allow.length === 0 ? [] : [["May reach", settings.allow.join(", ")]]),
        ] as [string, React.ReactNode][])),
  ];
}

/** What came of a test: nothing is said until it is known. */
function TestAnswer({ name, notificationId }: { name: string; notificationId: string }) {
  const { data } = useQuery(testQuery(notificationId));
  const words =
    !data || data.state === "waiting"
      ? "The test is on its way."
      : `The test ${data.state === "sent" ? "got through" : "did not get through"}: ${name} ${data.words ?? "said nothing"}.`;
  return (
    <p role="status" className="mt-2.5 text-12 text-ink-2 [overflow-wrap:anywhere]">
      {words}
    </p>
  );
}

/** Who ended the digests of this channel, and the way back. */
function LeftList({ channel, left, now }: { channel: string; left: { reader: string; at: Instant }[]; now: Instant }) {
  const client = useQueryClient();
  const whyNot = useWhyNot();
  const rejoining = useIntent(requestRejoin, {
    onSuccess: () => toast("Digests are sent there again"),
    onError: (error) => toast(error.message),
    onSettled: () => client.invalidateQueries({ queryKey: ["channels"] }),
  });
  return (
    <>
      <h3 className="mt-3 text-12 text-ink-3">Ended its digests</h3>
      <ul>
        {left.map(({ reader, at }) => (
          <li key={reader} className="flex items-center gap-2 py-1 text-12">
            <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
              {reader}, <When at={at} now={now} />
            </span>
            <Button
              size="sm"
              busy={rejoining.isPending && rejoining.variables.reader === reader && "Asking"}
              blocked={whyNot("digest.rejoin", [])}
              onClick={() => rejoining.mutate({ channel, reader })}
            >
              Send again
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
}
