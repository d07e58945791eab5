"use client";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useRef, useState } from "react";
import { SharedCursor } from "@/components/charts/cursor";
import { zoomedText } from "@/components/charts/range";
import { RangePicker } from "@/components/charts/range-picker";
import { useRange } from "@/components/charts/use-range";
import { Loaded } from "@/components/live/loaded";
import { useSeen } from "@/components/ui/media";
import { Panel, PanelHead } from "@/components/ui/panel";
import { rangeLimits } from "@/lib/range";
import { zoneTrendsQuery } from "./queries";

// Loaded when the panel comes into sight: nobody who only reads the table pays for it.
const TrendsGrid = lazy(() =>
  import("./trends-grid").catch(() => ({
    default: () => <p className="px-3.5 py-6 text-12 text-ink-2">The charts could not be loaded; reloading the page may help.</p>,
  })),
);

// A row is as high as its chart with a line of text; the room is there before they come, so that nothing moves.
const ROW_PX = 60;
const ENDS_PX = 60;

/** Every zone over time: lag, oldest key and how compensations ended, over one range with one crosshair. */
export function TrendsPanel({ zoneIds, now }: { zoneIds: string[]; now: number }) {
  const frame = useRef<HTMLDivElement>(null);
  // As the table stood when it was opened: charts that change places with every verdict cannot be compared.
  const [order] = useState(zoneIds);
  const seen = useSeen(frame);
  const range = useRange("1h", rangeLimits.allZonesMostMs);
  const query = useQuery({ ...zoneTrendsQuery(range.text), enabled: seen });
  const { data } = query;
  const ends = range.range.to === null ? "now" : null;
  return (
    <Panel aria-label="Zones over time">
      <SharedCursor
        from={data?.from ?? 0}
        to={data?.to ?? 0}
        stepMs={data?.stepMs ?? 1}
        zoom={(from, to) => range.set(zoomedText(from, to))}
      >
        <PanelHead title="Zones over time" note={data && data.moreN > 0 ? `the first ${data.zones.length}` : undefined}>
          <RangePicker of={range} now={data?.to ?? now} />
        </PanelHead>
        <div ref={frame} style={{ minHeight: zoneIds.length * ROW_PX + ENDS_PX }}>
          {seen && (
            <Loaded query={query} what="Zones over time" waiting={null}>
              {(view) => (
                <Suspense fallback={null}>
                  <TrendsGrid view={view} order={order} ends={ends} />
                </Suspense>
              )}
            </Loaded>
          )}
        </div>
      </SharedCursor>
    </Panel>
  );
}
