"use client";
import { Segmented } from "@/components/ui/segmented";
import { readFilter } from "./filter";

const chips = [
  ["", "All"],
  ["assignee:me", "Mine"],
  ["triage:new", "New"],
  ["triage:investigating", "Investigating"],
  ["triage:waiting", "Waiting"],
  ["triage:ready", "Ready to retry"],
  ["triage:regressed", "Came back"],
  ["triage:muted", "Muted"],
  ["triage:resolved", "Resolved"],
] as const;

type Props = { filter: string; setFilter: (value: string) => void; mutedN: number };

/** Where groups stand, all in sight; one of them narrows the list beside whatever else is asked for. */
export function TriageChips({ filter, setFilter, mutedN }: Props) {
  const tokens = readFilter(filter);
  const isTriage = (key: string | null) => key === "triage" || key === "assignee";
  const asked = tokens.filter((token) => isTriage(token.key)).map((token) => token.raw);
  const rest = tokens.filter((token) => !isTriage(token.key)).map((token) => token.raw);
  const value = asked.length === 0 ? "" : asked.length === 1 ? asked[0]! : "several";
  return (
    <div className="mb-3 overflow-x-auto">
      <Segmented
        label="Where they stand"
        value={value}
        onChange={(chip) => setFilter([...rest, chip].filter(Boolean).join(" "))}
        options={chips.map(([chip, label]) => ({
          value: chip as string,
          label: chip === "triage:muted" && mutedN > 0 ? `${label} ${mutedN.toLocaleString("en-US")}` : label,
        }))}
      />
    </div>
  );
}
