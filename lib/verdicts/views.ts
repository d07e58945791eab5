import type { Verdict } from "./rules";

/** A zone by name, with how it is doing: stands beside whatever lies in it. */
export type ZoneTag = { zoneId: string; title: string; verdict: Verdict };
