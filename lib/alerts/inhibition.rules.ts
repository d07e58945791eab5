import type { AlertMetric } from "../contracts/rules";

// What stands whatever a silent source would say: it is proven by what others say, or it is the silence itself.
const standsAlone = new Set<AlertMetric>(["breached", "compensations_failed", "sources_silent", "silence"]);
const SILENT = "sources_silent > 0 for 30s";
const BREACHED = "breached > 0";

/**
 * The conditions that explain one where they hold themselves, the nearest first: it is shown beside them, and nobody is told twice. A source
 * that is silent explains what it would tell; a zone that is breached was at risk before.
 */
export function explainedBy(metric: AlertMetric): string[] {
  if (standsAlone.has(metric)) return [];
  return metric === "at_risk" ? [BREACHED, SILENT] : [SILENT];
}

/** Whether alerts of a condition explain others. */
export const explains = (condition: string): boolean => condition === SILENT || condition === BREACHED;
