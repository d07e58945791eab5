import { durationText } from "@/components/ui/format";
import { room, type Unit } from "./scale";
import type { Row, Series } from "./series";

export function valueText(unit: Unit, value: Row[string] | undefined): string {
  if (typeof value !== "number") return "–";
  const size = Math.abs(value);
  if (unit === "count") return size.toLocaleString("en-US");
  return size > 0 && size < 1_000 ? `${Math.round(size)} ms` : durationText(size);
}

const swatch = (series: Series) =>
  series.shape === "line" ? (
    <i className="inline-block w-3 border-t-2" style={{ borderColor: series.color }} />
  ) : (
    <i
      className={series.hatched ? "inline-block size-2.5 rounded-square hatch-fill" : "inline-block size-2.5 rounded-square"}
      style={series.hatched ? ({ "--fill": series.color } as React.CSSProperties) : { background: series.color }}
    />
  );

/** Names of the series with their values at the crosshair, or the last measured ones. Wide enough that nothing moves. */
export function Legend({ series, row, unit }: { series: Series[]; row: Row | null; unit: Unit }) {
  return (
    <ul className="mt-0.5 flex min-h-4 flex-wrap gap-x-3 text-11 text-ink-2" style={{ paddingRight: room.right }}>
      {series.map((each) => (
        <li key={each.key} className="inline-flex items-center gap-1.25">
          {swatch(each)}
          {each.label}
          <b className="min-w-8 text-ink">{valueText(unit, row?.[each.key])}</b>
        </li>
      ))}
    </ul>
  );
}
