"use client";
import { useQueryClient } from "@tanstack/react-query";
import { alertHref } from "@/components/alerts/words";
import { useIntent } from "@/components/intent";
import { useWhyNot } from "@/components/shell/use-why-not";
import { Tag } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { Table, Td, Th } from "@/components/ui/table";
import { toast } from "@/components/ui/toast";
import { When } from "@/components/ui/when";
import type { NotificationRow } from "@/lib/notifications/rules";
import type { Instant } from "@/lib/time";
import { requestNotificationRetry } from "./queries";
import { stateWord, stepWord } from "./words";

/** What was told, the latest first; what was given up can be sent again. */
export function ToldTable({ rows, now }: { rows: NotificationRow[]; now: Instant }) {
  return (
    <Table label="What was told" className="table-fixed md:min-w-180">
      <thead>
        <tr>
          <Th>Message</Th>
          <Th className="w-30 max-md:hidden">Channel</Th>
          <Th className="w-70 max-md:hidden">State</Th>
          <Th num className="w-27.5">
            When
          </Th>
        </tr>
      </thead>
      <tbody>
        {rows.map((one) => (
          <Row key={one.notificationId} one={one} now={now} />
        ))}
      </tbody>
    </Table>
  );
}

function Row({ one, now }: { one: NotificationRow; now: Instant }) {
  return (
    <tr>
      <Td className="align-top">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="min-w-0 font-medium [overflow-wrap:anywhere]">
            {one.alertId === null ? (
              one.title
            ) : (
              <Link href={alertHref(one.alertId)} className="hover:underline">
                {one.title}
              </Link>
            )}
          </span>
          <Tag>{stepWord[one.kind]}</Tag>
        </div>
        <div className="mt-1 text-12 text-ink-2 md:hidden">
          <span className="text-ink">{one.channel}</span>: <State one={one} now={now} />
        </div>
      </Td>
      <Td className="align-top text-12 max-md:hidden">{one.channel}</Td>
      <Td className="align-top text-12 max-md:hidden">
        <State one={one} now={now} />
      </Td>
      <Td num className="align-top text-12 text-ink-2">
        <When at={one.sentAt ?? one.createdAt} now={now} />
      </Td>
    </tr>
  );
}

function State({ one, now }: { one: NotificationRow; now: Instant }) {
  const client = useQueryClient();
  const whyNot = useWhyNot();
  const retrying = useIntent(requestNotificationRetry, {
    onSuccess: () => toast("It is sent again now"),
    onError: (error) => toast(error.message),
    onSettled: () => client.invalidateQueries({ queryKey: ["channels"] }),
  });
  const { state, words, attempts, kind } = one;
  const said = words === null || state === "grouped" ? "" : `: it ${words}`;
  return (
    <span className="[overflow-wrap:anywhere]">
      <b className="font-medium">{stateWord[state]}</b>
      {said}
      {attempts > 1 && `, ${attempts} times`}
      {state === "waiting" && attempts > 0 && (
        <>
          , again <When at={one.nextAt} now={now} />
        </>
      )}
      {state === "dead" && kind !== "test" && (
        <Button
          size="sm"
          className="ml-2"
          busy={retrying.isPending && "Asking"}
          blocked={whyNot("notification.retry", one.zoneId === null ? [] : [one.zoneId])}
          onClick={() => retrying.mutate({ notificationId: one.notificationId })}
        >
          Send again
        </Button>
      )}
    </span>
  );
}
