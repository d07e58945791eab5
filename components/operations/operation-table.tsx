"use client";
import { useRouter } from "next/navigation";
import { Tag } from "@/components/ui/badge";
import { cn } from "@/components/ui/cn";
import { useRowCursor } from "@/components/ui/cursor";
import { VerdictGlyph } from "@/components/ui/glyph";
import { useHeldOrder } from "@/components/ui/held-order";
import { Link } from "@/components/ui/link";
import { MovedNote } from "@/components/ui/moved-note";
import { Table, Td, Th } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import type { OperationRow } from "@/lib/operations/views";
import type { Instant } from "@/lib/time";
import { OperationGlyph } from "./operation-glyph";
import { OutcomeBar } from "./outcome-bar";
import { operationHref, operationName, progressWords, standWord } from "./words";

/** Operations with how far they are; a row opens its page. */
export function OperationTable({ operations, now }: { operations: OperationRow[]; now: Instant }) {
  const router = useRouter();
  const { rows, movedN, release, hover } = useHeldOrder(operations, (operation) => operation.operationId);
  const cursor = useRowCursor(
    rows.map((operation) => operation.operationId),
    (id) => router.push(operationHref(id)),
  );
  return (
    <div className="relative" {...hover}>
      <MovedNote movedN={movedN} what={movedN === 1 ? "operation" : "operations"} release={release} />
      <Table className="md:min-w-215">
        <thead>
          <tr>
            <Th>Operation</Th>
            <Th className="w-70 max-md:hidden">Outcomes</Th>
            <Th className="max-md:hidden">Zones</Th>
            <Th className="max-md:hidden">Asked by</Th>
            <Th num>When</Th>
          </tr>
        </thead>
        <tbody>
          {rows.map((operation) => (
            <Row key={operation.operationId} operation={operation} now={now} atCursor={cursor.id === operation.operationId} />
          ))}
        </tbody>
      </Table>
    </div>
  );
}

function Row({ operation, now, atCursor }: { operation: OperationRow; now: Instant; atCursor: boolean }) {
  const router = useRouter();
  const href = operationHref(operation.operationId);
  return (
    <tr
      data-row={operation.operationId}
      onClick={() => router.push(href)}
      className={cn("cursor-pointer hover:bg-hover", atCursor && "bg-selected")}
    >
      <Td className={cn("h-14.5", atCursor && "shadow-cursor")}>
        <div className="flex items-start gap-2.5">
          <OperationGlyph state={operation.state} gate={operation.gate} counts={operation.counts} className="mt-0.5" />
          <div className="min-w-0">
            <div className="flex flex-wrap items-center gap-2">
              <Link href={href} onClick={(event) => event.stopPropagation()} className="font-semibold hover:underline">
                {operation.title}
              </Link>
              <Tag code>{operationName(operation.operationId)}</Tag>
            </div>
            <p className="line-clamp-1 max-w-60ch text-12 text-ink-3" title={operation.reason}>
              {operation.ticket && `${operation.ticket}: `}
              {operation.reason}
            </p>
            <p className="text-12 text-ink-3 md:hidden">
              {standWord(operation)}, {progressWords(operation.counts)}
            </p>
          </div>
        </div>
      </Td>
      <Td className="max-md:hidden">
        <OutcomeBar counts={operation.counts} thin />
        <p className="mt-1 text-12 text-ink-2">
          {standWord(operation)}, {progressWords(operation.counts)}
        </p>
      </Td>
      <Td className="max-md:hidden">
        {operation.zones.map((zone) => (
          <span key={zone.zoneId} className="flex items-center gap-1.5 whitespace-nowrap text-12">
            <VerdictGlyph verdict={zone.verdict} size={14} labelled />
            {zone.title}
          </span>
        ))}
        {operation.zones.length === 0 && <span className="text-12 text-ink-3">no contract</span>}
      </Td>
      <Td className="whitespace-nowrap text-12 max-md:hidden">{operation.requestedBy}</Td>
      <Td num className="text-12 text-ink-3">
        <When at={operation.requestedAt} now={now} />
      </Td>
    </tr>
  );
}
