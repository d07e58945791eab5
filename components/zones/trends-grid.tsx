"use client";
import { type PointerEvent, useMemo } from "react";
import { useCursor } from "@/components/charts/cursor";
import { xFraction } from "@/components/charts/scale";
import { SmallBars, SmallLine } from "@/components/charts/small-chart";
import { ageScale, lagScale } from "@/components/charts/small-scale";
import { cn } from "@/components/ui/cn";
import { clockText, durationText, momentText } from "@/components/ui/format";
import { Link } from "@/components/ui/link";
import { zoneHref } from "@/components/ui/zone-badges";
import { durationWords } from "@/lib/time";
import type { ZoneTrendsView } from "@/lib/zones/views";

type Zone = ZoneTrendsView["zones"][number];

// The same for every zone, so that columns line up; on a phone the name stands above its three charts.
const columns = "grid grid-cols-3 gap-x-4 sm:grid-cols-[150px_repeat(3,minmax(0,1fr))]";

/** Lag, oldest key and compensations of each zone, on one time axis with one crosshair. */
export default function TrendsGrid({ view, order, ends }: { view: ZoneTrendsView; order: string[]; ends: string | null }) {
  const { at, setAt } = useCursor();
  const { from, to, stepMs } = view;
  const step = at === null ? null : Math.max(0, Math.min(Math.floor((at - from) / stepMs), stepsOf(view) - 1));
  const place = new Map(order.map((zoneId, i) => [zoneId, i]));
  const zones = view.zones.toSorted((a, b) => (place.get(a.zoneId) ?? order.length) - (place.get(b.zoneId) ?? order.length));
  const point = (event: PointerEvent) => {
    const plot = (event.target as Element).closest("[data-plot]")?.getBoundingClientRect();
    setAt(plot ? from + Math.max(0, Math.min(1, (event.clientX - plot.left) / plot.width)) * (to - from) : null);
  };
  return (
    <div className="px-3.5 pt-2 pb-3" onPointerMove={point} onPointerLeave={() => setAt(null)}>
      <div className={cn(columns, "text-11 text-ink-3")}>
        <span className="max-sm:hidden">{at === null ? "last values" : `at ${clockText(from + step! * stepMs)}`}</span>
        <span>Lag p95, log</span>
        <span>Oldest key</span>
        <span>Compensations</span>
      </div>
      <ul>
        {zones.map((zone) => (
          <Row key={zone.zoneId} zone={zone} step={step} fraction={at === null ? null : xFraction(from, to, at)} />
        ))}
      </ul>
      <div className={cn(columns, "mt-1 text-11 text-ink-3")} aria-hidden="true">
        <span className="max-sm:hidden" />
        {[0, 1, 2].map((i) => (
          <span key={i} className="flex justify-between">
            <span>{momentText(from, to)}</span>
            <span>{ends ?? momentText(to, to)}</span>
          </span>
        ))}
      </div>
    </div>
  );
}

const stepsOf = (view: ZoneTrendsView): number => view.zones[0]?.oldestMs.length ?? 0;

type RowProps = { zone: Zone; step: number | null; fraction: number | null };

function Row({ zone, step, fraction }: RowProps) {
  const { title, windowMs, lagMsP95, oldestMs, compensationsOk, compensationsFailed } = zone;
  const lagY = useMemo(() => lagScale(lagMsP95, windowMs), [lagMsP95, windowMs]);
  const ageY = useMemo(() => ageScale(oldestMs, windowMs), [oldestMs, windowMs]);
  const i = step ?? null;
  const [lag, age] = [shown(lagMsP95, i), shown(oldestMs, i)];
  const sum = (of: number[]) => (i === null ? of.reduce((all, n) => all + n, 0) : (of[i] ?? 0));
  const [ok, failed] = [sum(compensationsOk), sum(compensationsFailed)];
  return (
    <li className={cn(columns, "items-end border-b border-grid py-1.5")}>
      <Link href={zoneHref(zone.zoneId)} className="truncate pb-1 text-12 font-medium hover:underline max-sm:col-span-3">
        {title}
      </Link>
      <Cell value={msText(lag)} loud={lag !== null && lag > windowMs} fraction={fraction}>
        <SmallLine label={said(title, "lag p95", lagMsP95)} values={lagMsP95} scale={lagY} window={windowMs} />
      </Cell>
      <Cell value={age === 0 ? "none open" : msText(age)} loud={age !== null && age > windowMs} fraction={fraction}>
        <SmallLine label={said(title, "oldest key", oldestMs)} values={oldestMs} scale={ageY} window={windowMs} />
      </Cell>
      <Cell
        value={ok + failed === 0 ? "none" : `${ok} ok${failed > 0 ? `, ${failed} failed` : ""}`}
        loud={failed > 0}
        fraction={fraction}
      >
        <SmallBars
          label={`${title}, compensations: ${total(compensationsOk)} succeeded, ${total(compensationsFailed)} failed`}
          up={compensationsOk}
          down={compensationsFailed}
        />
      </Cell>
    </li>
  );
}

const total = (of: readonly number[]): number => of.reduce((sum, n) => sum + n, 0);
const shown = (of: readonly (number | null)[], i: number | null): number | null =>
  i === null ? (of.findLast((value) => value !== null) ?? null) : (of[i] ?? null);
const msText = (ms: number | null): string =>
  ms === null ? "no data" : ms > 0 && ms < 1_000 ? `${Math.round(ms)} ms` : durationText(ms);

/** What a small chart says, for those who do not see it. */
function said(title: string, what: string, values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return `${title}, ${what}: nothing was measured`;
  return `${title}, ${what}: from ${durationWords(Math.min(...known))} to ${durationWords(Math.max(...known))}, last ${durationWords(known.at(-1)!)}`;
}

type CellProps = { value: string; loud: boolean; fraction: number | null; children: React.ReactNode };

const Cell = ({ value, loud, fraction, children }: CellProps) => (
  <div className="min-w-0">
    <div className={cn("truncate text-right text-11 leading-3.5", loud ? "font-semibold text-breach-fg" : "text-ink-2")}>
      {value}
    </div>
    <div data-plot className="relative">
      {children}
      {fraction !== null && (
        <span className="pointer-events-none absolute inset-y-0 border-l border-ink-3" style={{ left: `${fraction * 100}%` }} />
      )}
    </div>
  </div>
);
