"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Loaded } from "@/components/live/loaded";
import { percentText } from "@/components/ui/format";
import { VerdictGlyph } from "@/components/ui/glyph";
import { Panel, PanelHead } from "@/components/ui/panel";
import { Segmented } from "@/components/ui/segmented";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Count, Table, Td, Th } from "@/components/ui/table";
import { type SuccessSpan, successSpans } from "@/lib/sagas/rules";
import type { SuccessView } from "@/lib/sagas/views";
import { successQuery } from "./queries";

const spanLabel: Record<SuccessSpan, string> = { "24h": "24 h", "7d": "7 d", "30d": "30 d" };

/** How compensations ended, by zone and step, with those that have not ended beside. None run is no success. */
export function SuccessPanel({ zone }: { zone: string | null }) {
  const [span, setSpan] = useState<SuccessSpan>("24h");
  const query = useQuery(successQuery(zone, span));
  return (
    <Panel aria-label="Success of compensations">
      <PanelHead title="Success of compensations" note="of those that ended; open and late ones are in neither count">
        <Segmented
          label="Span of the success"
          value={span}
          onChange={setSpan}
          options={successSpans.map((value) => ({ value, label: spanLabel[value] }))}
        />
      </PanelHead>
      <Loaded query={query} what="The success of compensations" waiting={<SkeletonRows rows={3} />}>
        {(view) =>
          view.zones.length === 0 ? (
            <p className="px-3.5 py-3 text-12 text-ink-3">No contract names a saga.</p>
          ) : (
            <SuccessTable view={view} named={zone === null} />
          )
        }
      </Loaded>
    </Panel>
  );
}

function SuccessTable({ view, named }: { view: SuccessView; named: boolean }) {
  return (
    <Table label="Compensations by step">
      <thead>
        <tr>
          <Th>Compensation</Th>
          <Th num>Succeeded</Th>
          <Th num>Failed</Th>
          <Th num>Rate</Th>
          <Th num>Open</Th>
          <Th num>Late</Th>
        </tr>
      </thead>
      <tbody>
        {view.zones.map(({ zone, steps, ...all }) => [
          named && (
            <tr key={zone.zoneId} className="bg-sunken">
              <Td className="font-medium">
                <span className="flex items-center gap-1.5">
                  <VerdictGlyph verdict={zone.verdict} size={14} labelled />
                  {zone.title}
                </span>
              </Td>
              <Figures {...all} />
            </tr>
          ),
          ...steps.map((step) => (
            <tr key={`${zone.zoneId}/${step.sagaType}/${step.name}`}>
              <Td>
                <span className="mono">{step.name}</span> <span className="text-12 text-ink-3">{step.sagaType}</span>
              </Td>
              <Figures {...step} />
            </tr>
          )),
        ])}
      </tbody>
    </Table>
  );
}

function Figures({ ok, failed, openN, lateN }: { ok: number; failed: number; openN: number; lateN: number }) {
  return (
    <>
      <Td num>
        <Count n={ok} />
      </Td>
      <Td num>
        <Count n={failed} className={failed > 0 ? "text-breach-fg" : ""} />
      </Td>
      <Td num>{ok + failed === 0 ? <span className="text-12 text-ink-3">none run</span> : percentText(ok / (ok + failed))}</Td>
      <Td num>
        <Count n={openN} />
      </Td>
      <Td num>
        <Count n={lateN} className={lateN > 0 ? "text-breach-fg" : ""} />
      </Td>
    </>
  );
}
