"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Checkbox } from "@/components/ui/checkbox";
import { Choice } from "@/components/ui/choice";
import { Segmented } from "@/components/ui/segmented";
import { zonesQuery } from "./queries";

/** All zones, or some of them; `zones` null is all, now and later. */
export function useZoneChoice(before: string[] | null = null) {
  const [some, setSome] = useState(before !== null);
  const [chosen, setChosen] = useState<string[]>(before ?? []);
  const toggle = (zoneId: string) =>
    setChosen((zones) => (zones.includes(zoneId) ? zones.filter((one) => one !== zoneId) : [...zones, zoneId]));
  return { some, setSome, chosen, toggle, zones: some ? [...chosen].sort() : null };
}

type Props = { choice: ReturnType<typeof useZoneChoice>; all: string; error?: string | null };

/** The zones by name, with a box for each once some are wanted. One that a contract no longer names can still be taken away. */
export function ZoneChoice({ choice: { some, setSome, chosen, toggle }, all, error = null }: Props) {
  const { data = [] } = useQuery({
    ...zonesQuery(),
    select: (view) => view.zones.map(({ zoneId, title }) => ({ zoneId, title })),
  });
  const gone = chosen.filter((zoneId) => !data.some((zone) => zone.zoneId === zoneId));
  const offered = [...data, ...gone.map((zoneId) => ({ zoneId, title: zoneId }))];
  return (
    <Choice label="Zones" error={error}>
      <Segmented
        label="Zones"
        value={some ? "some" : "all"}
        options={[
          { value: "all", label: all },
          { value: "some", label: "Some" },
        ]}
        onChange={(value) => setSome(value === "some")}
      />
      {some && (
        <div className="mt-2 grid max-h-44 grid-cols-1 gap-1.5 overflow-y-auto sm:grid-cols-2">
          {offered
            .sort((a, b) => a.title.localeCompare(b.title))
            .map(({ zoneId, title }) => (
              <span key={zoneId} className="flex min-h-6 items-center gap-2 max-md:min-h-11">
                <Checkbox checked={chosen.includes(zoneId)} label={title} onChange={() => toggle(zoneId)} />
                <span className="truncate">{title}</span>
              </span>
            ))}
        </div>
      )}
    </Choice>
  );
}
