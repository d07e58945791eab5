"use client";
import { Table, Th } from "@/components/ui/table";
import type { Instant } from "@/lib/time";
import type { ZoneRow } from "@/lib/zones/views";
import { ZoneTableRow } from "./zone-table-row";

const widths = ["w-[230px]", "w-[236px]", "w-[172px]", "w-[68px]", "w-[72px]", "w-[68px]", "w-[92px]", "w-[92px]", "w-[140px]"];

type Props = { zones: ZoneRow[]; now: Instant; frozen: boolean; cursor: string | null };

/** Which promise is broken, how badly, why, and what to do: a row per zone. */
export function ZoneTable({ zones, now, frozen, cursor }: Props) {
  return (
    <Table className="min-w-[1120px] table-fixed">
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
          <Th>
            Publish lag p95
            <br />
            Processing lag p95
          </Th>
          <Th num>
            Open
            <br />
            keys
          </Th>
          <Th num>
            Open
            <br />
            diverg.
          </Th>
          <Th num>
            Parked
            <br />
            msgs
          </Th>
          <Th num>
            Sagas stuck
            <br />/ compens.
          </Th>
          <Th num>
            Compens.
            <br />
            ok, 24 h
          </Th>
          <Th>
            Owner
            <br />
            on call
          </Th>
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
