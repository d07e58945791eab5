"use client";
import { useRouter } from "next/navigation";
import { Avatar, Tag } from "@/components/ui/badge";
import { Checkbox } from "@/components/ui/checkbox";
import { cn } from "@/components/ui/cn";
import { initials } from "@/components/ui/format";
import { VerdictGlyph } from "@/components/ui/glyph";
import { Link } from "@/components/ui/link";
import { LiveAge } from "@/components/ui/live-age";
import type { SelectionOfRows } from "@/components/ui/selection";
import { Table, Td, Th } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import type { CaseRow } from "@/lib/cases/views";
import { caseName, causeWord, resolutionWord, stateWord } from "@/lib/cases/words";
import type { Instant } from "@/lib/time";
import { DueCell } from "./due";
import { caseHref } from "./words";

type Props = { cases: CaseRow[]; now: Instant; cursor: string | null; selection: SelectionOfRows; withZone: boolean };

/** Cases, what is due first; a row opens its page. */
export function CaseTable({ cases, now, cursor, selection, withZone }: Props) {
  return (
    <Table className="table-fixed md:min-w-220">
      <thead>
        <tr>
          <Th className="w-9.5">
            <span className="sr-only">Selected</span>
          </Th>
          <Th>Case</Th>
          {withZone && <Th className="w-42.5 max-md:hidden">Zone</Th>}
          <Th className="w-52.5 max-md:hidden">Due</Th>
          <Th className="w-37.5 max-md:hidden">Whose</Th>
          <Th className="w-21 max-md:hidden">Runbook</Th>
          <Th num className="w-21">
            Age
          </Th>
        </tr>
      </thead>
      <tbody>
        {cases.map((one) => (
          <Row
            key={one.caseId}
            one={one}
            now={now}
            atCursor={cursor === one.caseId}
            chosen={selection.has(one.caseId)}
            choose={(range) => selection.toggle(one.caseId, range)}
            withZone={withZone}
          />
        ))}
      </tbody>
    </Table>
  );
}

type RowProps = {
  one: CaseRow;
  now: Instant;
  atCursor: boolean;
  chosen: boolean;
  choose: (range: boolean) => void;
  withZone: boolean;
};

function Row({ one, now, atCursor, chosen, choose, withZone }: RowProps) {
  const router = useRouter();
  return (
    <tr
      data-row={one.caseId}
      onClick={() => router.push(caseHref(one.caseId))}
      className={cn("cursor-pointer hover:bg-hover", (atCursor || chosen) && "bg-selected")}
    >
      <Td className={cn("pr-0 align-top md:align-middle", atCursor && "shadow-cursor")}>
        <Checkbox checked={chosen} onChange={(_, shift) => choose(shift)} label={`Select ${caseName(one.caseId)}`} />
      </Td>
      <Td className="h-14.5">
        <What one={one} now={now} />
      </Td>
      {withZone && (
        <Td className="max-md:hidden">
          <span className="flex items-center gap-1.5 text-12">
            <VerdictGlyph verdict={one.zone.verdict} size={14} labelled />
            <span className="truncate">{one.zone.title}</span>
          </span>
        </Td>
      )}
      <Td className="pr-5 max-md:hidden">
        {one.resolvedAt === null ? (
          <DueCell one={one} now={now} />
        ) : (
          <span className="text-12 text-ink-3">
            resolved <When at={one.resolvedAt} now={now} />
          </span>
        )}
      </Td>
      <Td className="max-md:hidden">
        {one.assignee ? (
          <span className="flex items-center gap-1.5 text-12">
            <Avatar text={initials(one.assignee.name)} small />
            <span className="truncate">{one.assignee.name}</span>
          </span>
        ) : (
          <span className="text-12 text-ink-3">nobody</span>
        )}
      </Td>
      <Td className="text-12 whitespace-nowrap max-md:hidden">
        {one.stepsN === 0 ? <span className="text-ink-3">none</span> : `${one.tickedN} of ${one.stepsN}`}
      </Td>
      <Td num className="align-top text-12 text-ink-2 md:align-middle">
        <LiveAge since={one.openedAt} asOf={now} />
      </Td>
    </tr>
  );
}

/** What the case is about and where it stands; on a phone also whose it is and when it is due. */
function What({ one, now }: { one: CaseRow; now: Instant }) {
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <Link
          href={caseHref(one.caseId)}
          onClick={(event) => event.stopPropagation()}
          className="min-w-0 font-semibold [overflow-wrap:anywhere] hover:underline"
        >
          {one.title}
        </Link>
        <Tag code>{caseName(one.caseId)}</Tag>
      </div>
      <p className="text-12 text-ink-3">
        <StateWords one={one} now={now} />
      </p>
      <p className="mt-0.5 text-12 text-ink-2 md:hidden">
        {one.zone.title}, {one.assignee?.name ?? "nobody has it"}
      </p>
      {one.resolvedAt === null && (
        <div className="mt-1.5 max-w-56 md:hidden">
          <DueCell one={one} now={now} />
        </div>
      )}
    </>
  );
}

/** `Acknowledged · divergence · cause gone`: where it stands, in a few words. */
function StateWords({ one, now }: { one: CaseRow; now: Instant }) {
  const done = one.resolution === null ? stateWord[one.state] : resolutionWord[one.resolution];
  return (
    <>
      {done}
      {one.snoozedUntil !== null && (
        <>
          {" "}
          until <When at={one.snoozedUntil} now={now} />
        </>
      )}{" "}
      · {causeWord[one.causeKind].toLowerCase()}
      {one.askedBy !== null && " · waits for a second person"}
      {one.causeGoneAt !== null && one.resolvedAt === null && " · its cause is gone"}
    </>
  );
}
