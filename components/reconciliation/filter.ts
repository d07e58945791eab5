"use client";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { type DivergenceState, divergenceStates, kinds } from "@/lib/reconciliation/rules";

const parsers = {
  zone: parseAsString.withDefault(""),
  rule: parseAsString.withDefault(""),
  kind: parseAsStringLiteral(kinds),
  state: parseAsStringLiteral(divergenceStates).withDefault("open"),
  prefix: parseAsString.withDefault(""),
};

/** What of the divergences is shown, in the URL. */
export const useDivergenceFilter = () => useQueryStates(parsers);
export type Filter = ReturnType<typeof useDivergenceFilter>[0];
export type SetFilter = ReturnType<typeof useDivergenceFilter>[1];

/** The filter as the API takes it. */
export function searchOf({ zone, rule, kind, state, prefix }: Filter): string {
  const chosen = Object.entries({ zone, rule, kind, state: state === "open" ? null : state, prefix });
  return new URLSearchParams(chosen.flatMap(([name, value]) => (value ? [[name, value]] : []))).toString();
}

export const isFiltered = ({ rule, kind, prefix }: Filter, zone: string): boolean =>
  Boolean(zone || rule || kind !== null || prefix);

export const stateWords: Record<DivergenceState, string> = {
  open: "Open",
  suspect: "Being checked",
  accepted: "Accepted",
  resolved: "Resolved",
};
