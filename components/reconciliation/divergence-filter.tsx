"use client";
import { cn } from "@/components/ui/cn";
import { Input } from "@/components/ui/field";
import { Segmented } from "@/components/ui/segmented";
import { kinds } from "@/lib/facts/rules";
import type { divergenceStates } from "@/lib/reconciliation/rules";
import type { DivergencesView } from "@/lib/reconciliation/views";
import { type Filter, stateWords } from "./filter";
import { KindGlyph } from "./kind-glyph";
import type { SetFilter } from "./use-filter";

type Props = { view: DivergencesView; filter: Filter; setFilter: SetFilter; zoneId?: string | undefined };

/** What of the divergences is shown: kinds with how many are open, state, zone, rule, and what the key begins with. */
export function DivergenceFilter({ view, filter, setFilter, zoneId }: Props) {
  const rules = view.rules.filter((each) => each.zoneId === (zoneId ?? filter.zone) || (!zoneId && filter.zone === ""));
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      <fieldset aria-label="Kinds" className="flex flex-wrap gap-1.5">
        {kinds.map((kind) => (
          <button
            key={kind}
            type="button"
            aria-pressed={filter.kind === kind}
            onClick={() => setFilter({ kind: filter.kind === kind ? null : kind })}
            className={cn(
              "inline-flex h-control items-center gap-2 rounded-control border border-line-strong bg-surface px-2.5 text-12 hover:bg-hover max-md:h-11",
              filter.kind === kind && "border-accent-line bg-selected text-accent",
            )}
          >
            <KindGlyph kind={kind} />
            <b className={cn(view.counts[kind] === 0 && "font-normal text-ink-3")}>{view.counts[kind].toLocaleString("en-US")}</b>
          </button>
        ))}
      </fieldset>
      <div className="max-w-full overflow-x-auto">
        <Segmented
          label="State"
          value={filter.state}
          onChange={(state) => setFilter({ state })}
          options={(["open", "candidate", "accepted", "resolved"] satisfies (typeof divergenceStates)[number][]).map((value) => ({
            value,
            label: `${stateWords[value]}${countOf(view, value)}`,
          }))}
        />
      </div>
      {!zoneId && (
        <Choice
          label="Zone"
          value={filter.zone}
          options={view.zones.map((zone) => [zone.zoneId, zone.title])}
          onChange={(zone) => setFilter({ zone: zone || null, rule: null })}
        />
      )}
      <Choice
        label="Rule"
        value={filter.rule}
        options={[...new Set(rules.map((each) => each.rule))].map((rule) => [rule, rule])}
        onChange={(rule) => setFilter({ rule: rule || null })}
      />
      <Input
        aria-label="Key begins with"
        placeholder="Key begins with"
        value={filter.prefix}
        maxLength={200}
        onChange={(event) => setFilter({ prefix: event.target.value || null }, { throttleMs: 300 })}
        className="h-control w-35 mono text-12"
      />
    </div>
  );
}

function countOf({ candidatesN, acceptedN }: DivergencesView, state: string): string {
  const n = state === "candidate" ? candidatesN : state === "accepted" ? acceptedN : 0;
  return n === 0 ? "" : ` ${n.toLocaleString("en-US")}`;
}

type ChoiceProps = { label: string; value: string; options: [value: string, label: string][]; onChange: (value: string) => void };

function Choice({ label, value, options, onChange }: ChoiceProps) {
  const known = value === "" || options.some(([option]) => option === value);
  return (
    <select
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className="h-control max-w-37.5 rounded-control border border-line-control bg-surface px-2 text-12 text-ink max-md:h-11 max-md:text-16"
    >
      <option value="">Every {label.toLowerCase()}</option>
      {!known && <option value={value}>{value}</option>}
      {options.map(([option, text]) => (
        <option key={option} value={option}>
          {text}
        </option>
      ))}
    </select>
  );
}
