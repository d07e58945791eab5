import { among } from "@/components/ui/among";

export const alertStatesShown = ["open", "past"] as const;

/** What the list of alerts is narrowed to. */
export type AlertFilter = { state: (typeof alertStatesShown)[number]; zone: string | null };

/** The filter that an address holds; what it does not know is left out. */
export const alertFilterOf = ({ state, zone }: Readonly<Record<string, string | undefined>>): AlertFilter => ({
  state: among(alertStatesShown, state, "open"),
  zone: zone ?? null,
});

/** The filter as the API takes it. */
export const alertSearch = ({ state, zone }: AlertFilter): URLSearchParams =>
  new URLSearchParams({ state, ...(zone && { zone }) });
