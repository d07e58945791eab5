"use client";
import { Checkbox } from "@/components/ui/checkbox";
import { cn } from "@/components/ui/cn";
import { VerdictGlyph } from "@/components/ui/glyph";
import { Kbd } from "@/components/ui/kbd";
import { KeyLink } from "@/components/ui/key-link";
import { Link } from "@/components/ui/link";
import { LiveAge } from "@/components/ui/live-age";
import type { SelectionOfRows } from "@/components/ui/selection";
import { Table, Td, Th } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import type { SagaRow } from "@/lib/sagas/views";
import type { Instant } from "@/lib/time";
import { Countdown } from "./countdown";
import { StageTag } from "./stage-tag";
import { rowId, sagaHref } from "./words";

type Props = { sagas: SagaRow[]; now: Instant; cursor: string | null; selection: SelectionOfRows; onPick: (id: string) => void };

/** Sagas, nearest deadline first; the key's cell opens its saga. */
export function SagaTable({ sagas, now, cursor, selection, onPick }: Props) {
  return (
    <>
      <Table className="md:min-w-190">
        <thead>
          <tr>
            <Th className="w-10">
              <span className="sr-only">Selected</span>
            </Th>
            <Th>Saga, where it stands</Th>
            <Th className="max-md:hidden">Step</Th>
            <Th className="max-md:hidden">Key, zone</Th>
            <Th num className="max-sm:hidden">
              Started
            </Th>
            <Th num>Deadline</Th>
          </tr>
        </thead>
        <tbody>
          {sagas.map((saga) => {
            const id = rowId(saga);
            return (
              <Row
                key={id}
                saga={saga}
                now={now}
                chosen={selection.has(id)}
                atCursor={cursor === id}
                onChoose={(range) => selection.toggle(id, range)}
                onPick={() => onPick(id)}
              />
            );
          })}
        </tbody>
      </Table>
      <p className="border-t px-3.5 py-2.5 text-12 text-ink-3 max-md:hidden">
        Sagas that go well are not listed; state:running shows them. <Kbd>x</Kbd> selects, <Kbd>⇧</Kbd> <Kbd>x</Kbd> selects a
        range, <Kbd>h</Kbd> holds.
      </p>
    </>
  );
}

type RowProps = {
  saga: SagaRow;
  now: Instant;
  chosen: boolean;
  atCursor: boolean;
  onChoose: (range: boolean) => void;
  onPick: () => void;
};

function Row({ saga, now, chosen, atCursor, onChoose, onPick }: RowProps) {
  const cell = cn("h-row", (chosen || atCursor) && "bg-selected");
  return (
    <tr data-row={rowId(saga)} onClick={onPick} className="cursor-pointer hover:bg-hover">
      <Td className={cn(cell, "w-10 pr-0", atCursor && "shadow-cursor")}>
        <Checkbox checked={chosen} onChange={(_, shift) => onChoose(shift)} label={`Select ${saga.businessKey}`} />
      </Td>
      <Td className={cell}>
        <Link href={sagaHref(saga)} onClick={(event) => event.stopPropagation()} className="font-semibold hover:underline">
          {saga.sagaType} of {saga.businessKey}
        </Link>
        <div className="mt-0.5 flex flex-wrap items-center gap-1.5">
          <StageTag stage={saga.stage} />
          {saga.stage === "held" && saga.holdUntil !== null && (
            <span className="text-12 text-ink-3">
              until <When at={saga.holdUntil} now={now} />
            </span>
          )}
        </div>
        <p className="mono mt-0.5 text-12 text-ink-2 md:hidden">{saga.step}</p>
      </Td>
      <Td className={cn(cell, "max-md:hidden")}>
        {saga.step === null ? <span className="text-ink-3">–</span> : <span className="mono">{saga.step}</span>}
        {saga.stepNo !== null && (
          <p className="text-12 text-ink-3">
            step {saga.stepNo} of {saga.stepsN}
          </p>
        )}
      </Td>
      <Td className={cn(cell, "max-md:hidden")}>
        <KeyLink businessKey={saga.businessKey} />
        <p className="flex items-center gap-1.5 text-12 text-ink-2">
          {saga.zone ? (
            <>
              <VerdictGlyph verdict={saga.zone.verdict} size={14} labelled />
              {saga.zone.title}
            </>
          ) : (
            <span className="text-ink-3">no contract</span>
          )}
        </p>
      </Td>
      <Td num className={cn(cell, "text-12 text-ink-3 max-sm:hidden")}>
        <When at={saga.startedAt} now={now} />
      </Td>
      <Td num className={cn(cell, "text-12")}>
        <Deadline saga={saga} now={now} />
      </Td>
    </tr>
  );
}

/** What is left until a deadline, or how long it is past. */
export function Deadline({ saga, now }: { saga: SagaRow; now: Instant }) {
  if (saga.endedAt !== null) return <When at={saga.endedAt} now={now} className="text-ink-3" />;
  if (saga.deadlineAt === null) return <span className="text-ink-3">none</span>;
  if (saga.deadlineAt < now)
    return (
      <span className="whitespace-nowrap text-breach-fg">
        <LiveAge since={saga.deadlineAt} asOf={now} /> past
      </span>
    );
  return saga.stage === "due" ? <Countdown at={saga.deadlineAt} asOf={now} /> : <When at={saga.deadlineAt} now={now} />;
}
