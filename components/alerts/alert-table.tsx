"use client";
import { useRouter } from "next/navigation";
import { Tag } from "@/components/ui/badge";
import { cn } from "@/components/ui/cn";
import { VerdictGlyph } from "@/components/ui/glyph";
import { Link } from "@/components/ui/link";
import { LiveAge } from "@/components/ui/live-age";
import { Table, Td, Th } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import type { AlertRow } from "@/lib/alerts/views";
import { durationWords, type Instant } from "@/lib/time";
import { alertHref, alertName, alertStateWord, alertTone, severityWord } from "./words";

type Props = { alerts: AlertRow[]; now: Instant; cursor: string | null; withZone: boolean; past: boolean };

/** Alerts, what calls for somebody first; a row opens its page. */
export function AlertTable({ alerts, now, cursor, withZone, past }: Props) {
  return (
    <Table className="table-fixed md:min-w-200">
      <thead>
        <tr>
          <Th>Alert</Th>
          {withZone && <Th className="w-42.5 max-md:hidden">Zone</Th>}
          <Th className="w-52.5 max-md:hidden">State</Th>
          <Th className="w-42.5 max-md:hidden">{past ? "Cleared" : "Raised"}</Th>
          <Th num className="w-24">
            {past ? "Lasted" : "Age"}
          </Th>
        </tr>
      </thead>
      <tbody>
        {alerts.map((one) => (
          <Row key={one.alertId} one={one} now={now} atCursor={cursor === one.alertId} withZone={withZone} />
        ))}
      </tbody>
    </Table>
  );
}

function Row({ one, now, atCursor, withZone }: { one: AlertRow; now: Instant; atCursor: boolean; withZone: boolean }) {
  const router = useRouter();
  const begun = one.raisedAt ?? one.since;
  return (
    <tr
      data-row={one.alertId}
      onClick={() => router.push(alertHref(one.alertId))}
      className={cn("cursor-pointer hover:bg-hover", atCursor && "bg-selected")}
    >
      <Td className={cn("h-14.5", atCursor && "shadow-cursor")}>
        <div className="flex flex-wrap items-center gap-2">
          <Link
            href={alertHref(one.alertId)}
            onClick={(event) => event.stopPropagation()}
            className="min-w-0 font-semibold [overflow-wrap:anywhere] hover:underline"
          >
            {one.words}
          </Link>
          <Tag tone={alertTone(one)}>{severityWord[one.severity]}</Tag>
        </div>
        <p className="text-12 text-ink-3 [overflow-wrap:anywhere]">
          <span className="mono">{alertName(one.alertId)}</span>
          {one.cause && <> · {one.cause.name}</>}
          {one.figure && <> · it was {one.figure}</>}
        </p>
        <p className="mt-0.5 text-12 text-ink-2 md:hidden">
          {withZone && `${one.zone.title}, `}
          <StateWords one={one} now={now} />
        </p>
      </Td>
      {withZone && (
        <Td className="max-md:hidden">
          <span className="flex items-center gap-1.5 text-12">
            <VerdictGlyph verdict={one.zone.verdict} size={14} labelled />
            <span className="truncate">{one.zone.title}</span>
          </span>
        </Td>
      )}
      <Td className="text-12 max-md:hidden">
        <StateWords one={one} now={now} />
      </Td>
      <Td className="text-12 text-ink-2 max-md:hidden">
        {one.clearedAt !== null ? (
          <When at={one.clearedAt} now={now} />
        ) : one.raisedAt === null ? (
          "not yet"
        ) : (
          <When at={one.raisedAt} now={now} />
        )}
      </Td>
      <Td num className="align-top text-12 text-ink-2 md:align-middle">
        {one.clearedAt === null ? <LiveAge since={begun} asOf={now} /> : durationWords(one.clearedAt - begun)}
      </Td>
    </tr>
  );
}

/** Where an alert stands, and why nobody is told of it where that is so. */
export function StateWords({ one, now }: { one: AlertRow; now: Instant }) {
  return (
    <span className="[overflow-wrap:anywhere]">
      <b className="font-medium">{alertStateWord[one.state]}</b>
      {one.acknowledged && ` by ${one.acknowledged.by}`}
      {one.state === "raised" && one.level > 0 && `, told further ${one.level === 1 ? "once" : `${one.level} times`}`}
      {one.state !== "cleared" && one.quietSince !== null && ", quiet now"}
      {one.inhibitedBy !== null && one.state !== "cleared" && " · follows from another"}
      {one.silenced && (
        <>
          {" · "}
          {one.silenced.kind === "silence" ? "silenced" : "maintenance"} until <When at={one.silenced.until} now={now} />
        </>
      )}
      {one.previousId !== null && one.state !== "cleared" && " · came back"}
    </span>
  );
}
