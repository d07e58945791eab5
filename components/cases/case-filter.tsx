"use client";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { Segmented } from "@/components/ui/segmented";
import { ZoneFilter } from "@/components/ui/zone-select";
import { causeKinds } from "@/lib/cases/rules";
import type { CasesView } from "@/lib/cases/views";
import { causeWord } from "@/lib/cases/words";
import { caseSearch, states, whose } from "./filter";

const stateWords: Record<(typeof states)[number], string> = {
  unresolved: "Not resolved",
  open: "Open, nobody looks",
  acknowledged: "Acknowledged",
  snoozed: "Snoozed",
  resolved: "Resolved",
};

/** What the list is narrowed to, in the address, so that a link shows a colleague the same. */
export function useCaseFilter(zoneId?: string) {
  const [filter, setFilter] = useQueryStates({
    who: parseAsStringLiteral(whose).withDefault("all"),
    zone: parseAsString,
    state: parseAsStringLiteral(states).withDefault("unresolved"),
    kind: parseAsStringLiteral(causeKinds),
  });
  const search = caseSearch(zoneId ? { ...filter, zone: zoneId } : filter).toString();
  const narrowed =
    filter.who !== "all" || filter.state !== "unresolved" || filter.kind !== null || (!zoneId && filter.zone !== null);
  return { filter, setFilter, search, narrowed, clear: () => setFilter(null) };
}
export type CaseFilterState = ReturnType<typeof useCaseFilter>;

const select = "h-compact rounded-control border border-line-strong bg-surface px-2 text-12 max-md:h-11 max-md:text-16";

/** Whose, and by zone, state and cause. */
export function CaseFilter({ of, view, withZone }: { of: CaseFilterState; view: CasesView | undefined; withZone: boolean }) {
  const { filter, setFilter } = of;
  const n = (count: number | undefined) => (count === undefined ? "" : ` ${count.toLocaleString("en-US")}`);
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      <Segmented
        label="Whose"
        value={filter.who}
        onChange={(who) => setFilter({ who })}
        options={[
          { value: "all", label: `All${withZone ? n(view?.counts.all) : ""}` },
          { value: "mine", label: `Mine${withZone ? n(view?.counts.mine) : ""}` },
          { value: "unassigned", label: `Nobody's${withZone ? n(view?.counts.unassigned) : ""}` },
        ]}
      />
      {withZone && <ZoneFilter zones={view?.zones ?? []} value={filter.zone} onChange={(zone) => setFilter({ zone })} />}
      <select
        aria-label="State"
        className={select}
        value={filter.state}
        onChange={(event) => setFilter({ state: states.find((state) => state === event.target.value) ?? null })}
      >
        {states.map((state) => (
          <option key={state} value={state}>
            {stateWords[state]}
          </option>
        ))}
      </select>
      <select
        aria-label="Cause"
        className={select}
        value={filter.kind ?? ""}
        onChange={(event) => setFilter({ kind: causeKinds.find((kind) => kind === event.target.value) ?? null })}
      >
        <option value="">Any cause</option>
        {causeKinds.map((kind) => (
          <option key={kind} value={kind}>
            {causeWord[kind]}
          </option>
        ))}
      </select>
    </div>
  );
}
