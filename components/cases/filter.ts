import { among } from "@/components/ui/among";
import { type CauseKind, causeKinds } from "@/lib/cases/rules";

export const whose = ["all", "mine", "unassigned"] as const;
export const states = ["unresolved", "open", "acknowledged", "snoozed", "resolved"] as const;

/** What the list of cases is narrowed to. */
export type CaseFilter = {
  who: (typeof whose)[number];
  zone: string | null;
  state: (typeof states)[number];
  kind: CauseKind | null;
};

/** The filter that an address holds; what it does not know is left out. */
export const caseFilterOf = ({ who, zone, state, kind }: Readonly<Record<string, string | undefined>>): CaseFilter => ({
  who: among(whose, who, "all"),
  zone: zone ?? null,
  state: among(states, state, "unresolved"),
  kind: among(causeKinds, kind, null),
});

/** The filter as the API takes it. */
export function caseSearch({ who, zone, state, kind }: CaseFilter): URLSearchParams {
  return new URLSearchParams({ who, state, ...(zone && { zone }), ...(kind && { kind }) });
}
