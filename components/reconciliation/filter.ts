import { among } from "@/components/ui/among";
import { type Kind, kinds } from "@/lib/facts/rules";
import { type DivergenceState, divergenceStates } from "@/lib/reconciliation/rules";

/** What of the divergences is shown. */
export type Filter = { zone: string; rule: string; kind: Kind | null; state: DivergenceState; prefix: string };

/** The filter that an address holds; what it does not know is left out. */
export const divergenceFilterOf = (asked: Readonly<Record<string, string | undefined>>): Filter => ({
  zone: asked.zone ?? "",
  rule: asked.rule ?? "",
  kind: among(kinds, asked.kind, null),
  state: among(divergenceStates, asked.state, "open"),
  prefix: asked.prefix ?? "",
});

/** The filter as the API takes it. */
export function searchOf({ zone, rule, kind, state, prefix }: Filter): URLSearchParams {
  const chosen = Object.entries({ zone, rule, kind, state: state === "open" ? null : state, prefix });
  return new URLSearchParams(chosen.flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

export const isFiltered = ({ rule, kind, prefix }: Filter, zone: string): boolean =>
  Boolean(zone || rule || kind !== null || prefix);

export const stateWords: Record<DivergenceState, string> = {
  open: "Open",
  candidate: "Being checked",
  accepted: "Accepted",
  resolved: "Resolved",
};
