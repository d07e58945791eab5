"use client";
import { useRef } from "react";
import { Marks } from "@/components/charts/marks";
import { plotLeft, timeTicks, xFraction } from "@/components/charts/scale";
import { VerdictStrip } from "@/components/charts/verdict-strip";
import { useHydrated } from "@/components/ui/clock";
import { minuteText } from "@/components/ui/format";
import { VerdictGlyph } from "@/components/ui/glyph";
import { useWidth } from "@/components/ui/media";
import { Panel, PanelHead } from "@/components/ui/panel";
import { verdictWord } from "@/components/ui/tone";
import { zoneHref } from "@/components/ui/zone-badges";
import { betweenText } from "@/lib/range";
import { type Instant, minutes } from "@/lib/time";
import { verdicts } from "@/lib/verdicts/rules";
import type { ZonesView } from "@/lib/zones/views";

/** The last hour, a column a minute, with deploys and operators' acts across all zones. */
export function HistoryPanel({ history }: { history: ZonesView["history"] }) {
  const hydrated = useHydrated();
  const plot = useRef<HTMLDivElement>(null);
  const width = useWidth(plot);
  const { from, to } = history;
  return (
    <Panel>
      <PanelHead title="Last 60 minutes, by zone">
        <ul className="flex flex-wrap gap-x-3 text-11 text-ink-2 max-sm:hidden">
          {verdicts.map((verdict) => (
            <li key={verdict} className="inline-flex items-center gap-1.25">
              <VerdictGlyph verdict={verdict} size={14} />
              {verdictWord[verdict]}
            </li>
          ))}
        </ul>
      </PanelHead>
      <div className="px-3.5 py-3">
        <div className="relative">
          <div ref={plot} className="pointer-events-none absolute inset-y-0 right-0 left-27.5 sm:left-37.5">
            <div className="absolute inset-y-0 -right-3 -left-10">
              {hydrated && <Marks marks={history.marks} from={from} to={to} widthPx={width} bottom={20} />}
            </div>
          </div>
          <ul className="pt-7">
            {history.zones.map((zone) => (
              <li
                key={zone.zoneId}
                className="grid h-6 grid-cols-[98px_minmax(0,1fr)] items-end gap-3 sm:grid-cols-[138px_minmax(0,1fr)]"
              >
                <span className="truncate text-12 text-ink-2">{zone.title}</span>
                <VerdictStrip
                  title={zone.title}
                  letters={zone.letters}
                  from={from}
                  hrefOf={(at) => `${zoneHref(zone.zoneId)}?range=${aroundText(at, history)}`}
                />
              </li>
            ))}
          </ul>
          <div className="relative -right-3 mt-1.5 -ml-10 h-4 pl-27.5 text-11 text-ink-3 sm:pl-37.5" aria-hidden="true">
            <div className="relative h-4">
              {hydrated &&
                timeTicks(from, to, 0, width).map((tick) => (
                  <span key={tick} className="absolute -translate-x-1/2" style={{ left: plotLeft(xFraction(from, to, tick)) }}>
                    {minuteText(tick)}
                  </span>
                ))}
              <span className="absolute right-3">now</span>
            </div>
          </div>
        </div>
      </div>
    </Panel>
  );
}

/** The range of a zone's charts that shows a minute with what was around it; the whole hour for none. */
function aroundText(at: Instant | null, { from, to }: ZonesView["history"]): string {
  if (at === null) return betweenText(from, to);
  return betweenText(at - minutes(10), at + minutes(10));
}
