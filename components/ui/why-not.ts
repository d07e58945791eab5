import type { Action } from "@/lib/permissions";

/** Why somebody may not do something in these zones; null when they may. */
export type WhyNot = (action: Action, zones: readonly string[]) => string | null;
