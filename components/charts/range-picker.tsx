"use client";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Segmented } from "@/components/ui/segmented";
import { type PresetRange, presetRanges, rangeOf } from "@/lib/range";
import type { Instant } from "@/lib/time";
import { RangeDialog } from "./dialogs";
import { rangeWords } from "./range";
import type { useRange } from "./use-range";

const offered: PresetRange[] = ["30m", "1h", "6h", "24h", "7d", "30d"];

type Props = { of: ReturnType<typeof useRange>; now: Instant; comparable?: boolean };

/** Which span the charts show: what is often asked for in sight, everything else in a dialog; with a way back, and the period before beside it. */
export function RangePicker({ of, now, comparable = false }: Props) {
  const [asks, setAsks] = useState(false);
  const { text, set, back, compare, setCompare } = of;
  const presets = presetRanges.filter((preset) => rangeOf(preset)!.spanMs <= of.mostMs);
  const options = presets
    .filter((preset) => offered.includes(preset) || preset === text)
    .map((value) => ({ value: value as string, label: rangeWords[value] }));
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      {back && (
        <Button size="sm" tone="ghost" shortcut="⌫" onClick={back}>
          Back
        </Button>
      )}
      {comparable && (
        <Button
          size="sm"
          aria-pressed={compare}
          className={compare ? "bg-selected text-accent" : ""}
          onClick={() => setCompare(compare ? null : true)}
        >
          Compare
        </Button>
      )}
      <span className="max-sm:hidden">
        <Segmented label="Range of the charts" value={text} onChange={set} options={options} />
      </span>
      <select
        aria-label="Range of the charts"
        value={text}
        onChange={(event) => set(event.target.value)}
        className="h-11 rounded-control border border-line-control bg-surface px-2.5 text-16 sm:hidden"
      >
        {!presets.some((preset) => preset === text) && <option value={text}>Own range</option>}
        {presets.map((preset) => (
          <option key={preset} value={preset}>
            {rangeWords[preset]}
          </option>
        ))}
      </select>
      <Button size="sm" onClick={() => setAsks(true)}>
        Other…
      </Button>
      {asks && (
        <RangeDialog
          range={of.range}
          presets={presets}
          mostMs={of.mostMs}
          now={now}
          onChoose={set}
          onClose={() => setAsks(false)}
        />
      )}
    </div>
  );
}
