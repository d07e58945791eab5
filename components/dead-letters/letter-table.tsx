"use client";
import { parseAsArrayOf, parseAsStringLiteral, useQueryState } from "nuqs";
import type { ReactNode } from "react";
import { operationHref, operationName } from "@/components/operations/words";
import { Button } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { Menu, MenuItem } from "@/components/ui/menu";
import { Table, Td, Th } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import { codeWords } from "@/lib/dead-letters/codes.rules";
import type { LetterRow } from "@/lib/dead-letters/views";
import type { Instant } from "@/lib/time";
import { groupHref } from "./group-row";
import { type Column, columnNames, columns, columnsAtFirst } from "./lists";

const inUrl = parseAsArrayOf(parseAsStringLiteral(columns)).withDefault(columnsAtFirst);

/** Which columns are shown, in the order that they have; kept in the address. */
export function useColumns() {
  const [chosen, setChosen] = useQueryState("columns", inUrl);
  const toggle = (column: Column) => {
    const next = columns.filter((one) => (one === column ? !chosen.includes(one) : chosen.includes(one)));
    void setChosen(next.join() === columnsAtFirst.join() ? null : next);
  };
  return { chosen: columns.filter((one) => chosen.includes(one)), toggle };
}

export function ColumnsMenu({ chosen, toggle }: ReturnType<typeof useColumns>) {
  return (
    <Menu trigger={<Button>Columns</Button>}>
      {columns.map((column) => (
        <MenuItem key={column} chosen={chosen.includes(column)} onSelect={() => toggle(column)}>
          {chosen.includes(column) ? `Hide ${columnNames[column]}` : `Show ${columnNames[column]}`}
        </MenuItem>
      ))}
    </Menu>
  );
}

const cells: Record<Column, (letter: LetterRow, now: Instant) => ReactNode> = {
  error: (letter) => (
    <Link href={groupHref(letter.groupId)} className="link">
      {letter.errorType}
    </Link>
  ),
  consumer: (letter) => <span className="mono">{letter.consumer}</span>,
  event: (letter) => <span className="mono">{letter.eventType}</span>,
  version: (letter) => (letter.consumerVersion === null ? <None /> : <span className="mono">{letter.consumerVersion}</span>),
  // Not every framework records them, and then none is no number.
  attempts: (letter) => (letter.attempts === null ? <None /> : letter.attempts.toLocaleString("en-US")),
  state: (letter) => (
    <>
      {(letter.closedAt !== null || letter.operationId === null) && closedWord(letter)}
      {letter.operationId !== null && (
        <Link href={operationHref(letter.operationId)} className="link mono">
          {operationName(letter.operationId)}
        </Link>
      )}
    </>
  ),
  parked: (letter, now) => <When at={letter.parkedAt} now={now} />,
  message: (letter) => <span className="mono">{letter.messageId}</span>,
};

const closedWord = ({ state, code }: LetterRow): string =>
  code === null ? state.replace("_", " ") : `${state.replace("_", " ")}: ${codeWords(code).toLowerCase()}, `;

const None = () => <span className="text-ink-3">–</span>;

type Props = { letters: LetterRow[]; now: Instant; columns: Column[]; closed: boolean };

/** Messages one by one: what they are about, what they failed with, what they are. */
export function LetterTable({ letters, now, columns: shown, closed }: Props) {
  return (
    <Table label="Messages">
      <thead>
        <tr>
          <Th>Key</Th>
          {shown.map((column) => (
            <Th key={column} num={column === "attempts"}>
              {columnNames[column]}
            </Th>
          ))}
          {closed && <Th>Closed</Th>}
        </tr>
      </thead>
      <tbody>
        {letters.map((letter) => (
          <tr key={letter.id} data-row={letter.id} className="hover:bg-hover">
            <Td className="mono">
              <Link href={`/dead-letters/messages/${letter.id}`} className="link">
                {letter.businessKey || letter.messageId}
              </Link>
            </Td>
            {shown.map((column) => (
              <Td key={column} num={column === "attempts"} className="text-12">
                {cells[column](letter, now)}
              </Td>
            ))}
            {closed && (
              <Td className="text-12">
                <When at={letter.closedAt!} now={now} />
              </Td>
            )}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
