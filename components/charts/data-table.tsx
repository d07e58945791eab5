"use client";
import { ScrollRegion } from "@/components/ui/scroll-region";
import { Table, Td, Th } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import type { Instant } from "@/lib/time";
import { valueText } from "./legend";
import type { Unit } from "./scale";
import type { Row, Series } from "./series";

type Props = { label: string; rows: Row[]; series: Series[]; unit: Unit; now: Instant; height: number };

/** The figures behind a chart, newest first. */
export function DataTable({ label, rows, series, unit, now, height }: Props) {
  return (
    <ScrollRegion label={`${label}, figures`} className="overflow-y-auto border-t" style={{ height }}>
      <Table className="text-12">
        <thead className="sticky top-0 bg-surface">
          <tr>
            <Th>Time</Th>
            {series.map((each) => (
              <Th key={each.key} num>
                {each.label}
              </Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.toReversed().map((row) => (
            <tr key={row.at}>
              <Td className="py-1">
                <When at={row.at} now={now} />
              </Td>
              {series.map((each) => (
                <Td key={each.key} num className="py-1">
                  {valueText(unit, row[each.key])}
                </Td>
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
    </ScrollRegion>
  );
}
