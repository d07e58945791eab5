"use client";
import { Table, Th } from "@/components/ui/table";
import type { Instant } from "@/lib/time";
import type { ZoneRow } from "@/lib/zones/views";
import { ZoneTableRow } from "./zone-table-row";

const widths = ["w-61", "w-51", "w-38", "w-14", "w-15", "w-15", "w-20", "w-18", "w-31", "w-28"];

type Props = { zones: ZoneRow[]; now: Instant; frozen: boolean; cursor: string | null };

/** Which promise is broken, how badly, why, and what to do: a row per zone. */
export function ZoneTable({ zones, now, frozen, cursor }: Props) {
  return (
    <Table className="min-w-280 table-fixed">
      <colgroup>
        {widths.map((width, i) => (
          <col key={i} className={width} />
        ))}
      </colgroup>
      <thead>
        <tr>
          <Th>Zone, contract</Th>
          <Th className="relative">
            Oldest unresolved
            <span className="absolute bottom-2 left-[calc(10px+(100%-32px)*.6+6px)] text-ink-2">window</span>
          </Th>
          <TwoLines first="Publish lag p95" second="Processing lag p95" />
          <TwoLines num first="Open" second="keys" />
          <TwoLines num first="Open" second="diverg." />
          <TwoLines num first="Parked" second="msgs" />
          <TwoLines num first="Sagas stuck" second="/ compens." />
          <TwoLines num first="Compens." second="ok, 24 h" />
          <TwoLines first="SLO" second="error budget left" />
          <TwoLines first="Owner" second="on call" />
        </tr>
      </thead>
      <tbody>
        {zones.map((zone) => (
          <ZoneTableRow
            key={zone.zoneId}
            zone={zone}
            now={now}
            frozen={frozen}
            atCursor={cursor === zone.zoneId}
            columns={widths.length}
          />
        ))}
      </tbody>
    </Table>
  );
}

const TwoLines = ({ first, second, num = false }: { first: string; second: string; num?: boolean }) => (
  <Th num={num}>
    {first}
    <br />
    {second}
  </Th>
);
