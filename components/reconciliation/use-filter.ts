"use client";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { kinds } from "@/lib/facts/rules";
import { divergenceStates } from "@/lib/reconciliation/rules";

const parsers = {
  zone: parseAsString.withDefault(""),
  rule: parseAsString.withDefault(""),
  kind: parseAsStringLiteral(kinds),
  state: parseAsStringLiteral(divergenceStates).withDefault("open"),
  prefix: parseAsString.withDefault(""),
};

/** What of the divergences is shown, in the URL. */
export const useDivergenceFilter = () => useQueryStates(parsers);
export type SetFilter = ReturnType<typeof useDivergenceFilter>[1];
