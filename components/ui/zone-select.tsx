"use client";
import { useId } from "react";

type Zone = { zoneId: string; title: string };
type Props = { zones: readonly Zone[]; value: string | null; onChange: (zoneId: string | null) => void };

const Options = ({ zones, all }: { zones: readonly Zone[]; all?: string }) => (
  <>
    {all !== undefined && <option value="">{all}</option>}
    {zones.map((zone) => (
      <option key={zone.zoneId} value={zone.zoneId}>
        {zone.title}
      </option>
    ))}
  </>
);

/** Narrows a list to one zone, or not. */
export const ZoneFilter = ({ zones, value, onChange }: Props) => (
  <select
    aria-label="Zone"
    className="h-compact rounded-control border border-line-strong bg-surface px-2 text-12 max-md:h-11 max-md:text-16"
    value={value ?? ""}
    onChange={(event) => onChange(event.target.value || null)}
  >
    <Options zones={zones} all="All zones" />
  </select>
);

/** A zone that a form asks for; `all` is what it says where every zone may be meant. */
export function ZoneField({ zones, value, onChange, all }: Props & { all?: string }) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-12 font-medium">
        Zone
      </label>
      <select
        id={id}
        className="h-8 rounded-control border border-line-control bg-surface px-2.5 max-md:h-11 max-md:text-16"
        value={value ?? ""}
        onChange={(event) => onChange(event.target.value || null)}
      >
        <Options zones={zones} {...(all !== undefined && { all })} />
      </select>
    </div>
  );
}
