"use client";
import { Fragment, useState } from "react";
import { Tag } from "@/components/ui/badge";
import { IconButton } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { useRowCursor } from "@/components/ui/cursor";
import { useHeldOrder } from "@/components/ui/held-order";
import { JsonView } from "@/components/ui/json-view";
import { useKeys } from "@/components/ui/keys";
import { Link } from "@/components/ui/link";
import { MovedNote } from "@/components/ui/moved-note";
import { Facts } from "@/components/ui/panel";
import { Table, Td, Th } from "@/components/ui/table";
import type { Tone } from "@/components/ui/tone";
import { When } from "@/components/ui/when";
import type { AuditResult } from "@/lib/audit/rules";
import type { AuditRow } from "@/lib/audit/views";
import type { Instant } from "@/lib/time";

const resultTone: Record<AuditResult, Tone | undefined> = { done: undefined, denied: "risk", result: "accent" };

/** Entries of the audit; a row opens what more was written down. */
export function AuditTable({ entries, now }: { entries: AuditRow[]; now: Instant }) {
  const { rows, movedN, release, hover } = useHeldOrder(entries, (entry) => String(entry.id));
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const toggle = (id: string) =>
    setOpen((before) => new Set(before.has(id) ? [...before].filter((one) => one !== id) : [...before, id]));
  const cursor = useRowCursor(
    rows.map((entry) => String(entry.id)),
    toggle,
  );
  useKeys({ x: () => cursor.id !== null && toggle(cursor.id) });
  return (
    <div {...hover}>
      <MovedNote movedN={movedN} what={movedN === 1 ? "entry" : "entries"} release={release} />
      <Table>
        <thead>
          <tr>
            <Th className="w-9 pr-0">
              <span className="sr-only">Details</span>
            </Th>
            <Th>Time</Th>
            <Th>Who</Th>
            <Th>What</Th>
            <Th className="max-sm:hidden">Target</Th>
            <Th className="max-lg:hidden">Zones</Th>
            <Th className="max-sm:hidden">Result</Th>
            <Th className="max-md:hidden">Why</Th>
          </tr>
        </thead>
        <tbody>
          {rows.map((entry) => {
            const id = String(entry.id);
            return (
              <Fragment key={id}>
                <Entry entry={entry} now={now} open={open.has(id)} atCursor={cursor.id === id} toggle={() => toggle(id)} />
                {open.has(id) && <Detail entry={entry} />}
              </Fragment>
            );
          })}
        </tbody>
      </Table>
    </div>
  );
}

type EntryProps = { entry: AuditRow; now: Instant; open: boolean; atCursor: boolean; toggle: () => void };

function Entry({ entry, now, open, atCursor, toggle }: EntryProps) {
  const cell = cn("align-top text-12", atCursor && "bg-selected");
  return (
    <tr data-row={entry.id} className="hover:bg-hover">
      <Td className={cn(cell, "py-1 pr-0", atCursor && "shadow-cursor")}>
        <IconButton
          name={open ? "down" : "right"}
          size={14}
          label={`${open ? "Hide" : "Show"} details of entry ${entry.id}`}
          aria-expanded={open}
          onClick={toggle}
        />
      </Td>
      <Td className={cn(cell, "whitespace-nowrap")}>
        <When at={entry.at} now={now} />
      </Td>
      <Td className={cell}>
        {entry.actorName}
        {entry.actorKind !== "operator" && <span className="block text-ink-3">{entry.actorKind}</span>}
      </Td>
      <Td className={cell}>
        {entry.words}
        <span className="block [overflow-wrap:anywhere] sm:hidden">
          <Target entry={entry} />
        </span>
        <Result entry={entry} className="sm:hidden" />
      </Td>
      <Td className={cn(cell, "[overflow-wrap:anywhere] max-sm:hidden")}>
        <Target entry={entry} />
      </Td>
      <Td className={cn(cell, "max-lg:hidden")}>
        {entry.zones.map((zone) => (
          <Link
            key={zone.zoneId}
            href={`/zones/${encodeURIComponent(zone.zoneId)}`}
            className="block whitespace-nowrap hover:underline"
          >
            {zone.title}
          </Link>
        ))}
      </Td>
      <Td className={cn(cell, "max-sm:hidden")}>
        <Result entry={entry} />
      </Td>
      <Td className={cn(cell, "max-w-36ch text-ink-2 [overflow-wrap:anywhere] max-md:hidden")}>
        <span className="line-clamp-2">{entry.reason}</span>
      </Td>
    </tr>
  );
}

const Target = ({ entry: { href, targetText } }: { entry: AuditRow }) =>
  href ? (
    <Link href={href} className="link">
      {targetText}
    </Link>
  ) : (
    targetText
  );

const Result = ({ entry, className }: { entry: AuditRow; className?: string }) => (
  <Tag tone={resultTone[entry.result]} className={className}>
    {entry.result}
  </Tag>
);

function Detail({ entry }: { entry: AuditRow }) {
  return (
    <tr>
      <td colSpan={8} className="border-b bg-canvas px-3.5 py-3">
        <Facts
          className="mb-2"
          rows={[
            ["Entry", String(entry.id)],
            [
              "Action",
              <span key="action" className="mono">
                {entry.action}
              </span>,
            ],
            ["Exact time", `${new Date(entry.at).toISOString()}`],
            ["Why", entry.reason ?? "not asked for"],
            ["Who", `${entry.actorName}, ${entry.actorKind}`],
          ]}
        />
        <div className="rounded-panel border bg-surface">
          <JsonView value={entry.detail} label={`Details of entry ${entry.id}`} />
        </div>
      </td>
    </tr>
  );
}
