import type { Count } from "../sources/rules";
import type { Look } from "../sources/source";
import type { Misdated } from "./misdated";
import type { ContractMap } from "./rules";

/** What a look met that leaves no open row: by who, event type and what of it. */
export function countsOf(sourceId: string, look: Look, map: ContractMap, misdated: readonly Misdated[]): Count[] {
  const counts = new Map<string, Count>();
  const add = (measure: Count["measure"], consumer: string, eventType: string, { detail = "", n = 1 } = {}) => {
    const key = [measure, consumer, eventType, detail].join("\n");
    const known = counts.get(key) ?? { consumer, eventType, measure, detail, n: 0 };
    counts.set(key, { ...known, n: known.n + n });
  };
  for (const row of look.inbox) {
    add("processed", row.consumer, row.eventType);
    if (row.semanticDuplicate) add("semantic_duplicate", row.consumer, row.eventType);
    if (row.outcome === "stale") add("stale", row.consumer, row.eventType);
  }
  for (const { consumer, eventType, n } of look.duplicates) add("duplicate_dropped", consumer, eventType, { n });
  for (const row of look.outbox) {
    // Only what is surely new: what a burst shows a second time would be counted twice.
    if (row.seen !== "new" || row.schemaVersion === null) continue;
    const known = map.schemasOf(sourceId, row.eventType);
    if (known.length > 0 && !known.includes(row.schemaVersion))
      add("unknown_schema", "", row.eventType, { detail: String(row.schemaVersion) });
  }
  for (const { consumer, eventType } of misdated) add("misdated", consumer, eventType);
  return [...counts.values()];
}
