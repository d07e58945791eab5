import type { ContractMap } from "../contracts/map.rules";
import type { Poll } from "../sources/observable";
import type { Count } from "../sources/rules";
import type { Misdated } from "./misdated";

/** Beside a poll's rows: whose times are off, and the event types that were published, one for each message. */
type Met = { misdated: readonly Misdated[]; published: readonly string[] };

/** What a poll met that leaves no open row: by who, event type and what of it. */
export function countsOf(sourceId: string, poll: Poll, map: ContractMap, { misdated, published }: Met): Count[] {
  const counts = new Map<string, Count>();
  const add = (measure: Count["measure"], consumer: string, eventType: string, { detail = "", n = 1 } = {}) => {
    const key = [measure, consumer, eventType, detail].join("\n");
    const known = counts.get(key) ?? { consumer, eventType, measure, detail, n: 0 };
    counts.set(key, { ...known, n: known.n + n });
  };
  for (const eventType of published) add("published", "", eventType);
  for (const row of poll.inbox) {
    if (row.again) continue;
    add("processed", row.consumer, row.eventType);
    if (row.semanticDuplicate) add("semantic_duplicate", row.consumer, row.eventType);
    if (row.outcome === "stale") add("stale", row.consumer, row.eventType);
  }
  for (const { consumer, eventType, n } of poll.duplicates) add("duplicate_dropped", consumer, eventType, { n });
  for (const row of poll.outbox) {
    // Only what is surely new: what a burst shows a second time would be counted twice.
    if (row.seen !== "new" || row.schemaVersion === null) continue;
    const known = map.schemasOf(sourceId, row.eventType);
    if (known.length > 0 && !known.includes(row.schemaVersion))
      add("unknown_schema", "", row.eventType, { detail: String(row.schemaVersion) });
  }
  for (const { consumer, eventType } of misdated) add("misdated", consumer, eventType);
  return [...counts.values()];
}
