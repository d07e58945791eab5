import { appendAudit } from "../audit/service";
import type { Db } from "../db/pool";
import { correction, failureWords } from "../observation/rules";
import type { Observed } from "../observation/service";
import { selectClockOffsets } from "../sources/sql";
import { type Instant, seconds } from "../time";
import { claimHolds, endHolds, postponeHolds, type SettledItem, selectHoldSources, settleItems, settleLate } from "./holds.sql";
import { outcomeOfHold } from "./rules";

// Sagas told to a source in one statement.
const AT_ONCE = 500;
const AWAY_MS = seconds(2);
// A service has locked its row for a moment; a compensation may be starting meanwhile.
const BUSY_MS = 200;

/**
 * Carries out what people wished: tells each source, reads back how its sagas stand, and notes what came of it. Killed anywhere, the next
 * worker does the same again and changes nothing twice.
 */
export async function carryHolds(db: Db, observed: readonly Observed[]): Promise<void> {
  const due = await selectHoldSources(db);
  if (due.length === 0) return;
  await db.transaction(async (tx) => endWith(tx, await settleLate(tx, Date.now())));
  await Promise.all(observed.filter(({ sourceId }) => due.includes(sourceId)).map((one) => carryOne(db, one)));
}

async function carryOne(db: Db, { sourceId, source }: Observed): Promise<void> {
  await db.transaction(async (tx) => {
    const items = await claimHolds(tx, sourceId, AT_ONCE);
    if (items.length === 0) return;
    const answer = source.capabilities.hold
      ? await source.hold(items).catch((error: unknown) => failureWords(error))
      : "Accord only observes this source: act is false in accord.yaml.";
    if (typeof answer === "string") return postponeHolds(tx, sourceId, items, AWAY_MS, answer);
    const off = correction((await selectClockOffsets(tx)).get(sourceId) ?? 0);
    const stateOf = new Map(answer.states.map((state) => [state.sagaId, state]));
    const settled = items.flatMap((item): SettledItem[] => {
      const found = stateOf.get(item.sagaId) ?? { state: null, holdUntil: null };
      const outcome = outcomeOfHold(item, found, answer.sourceNow);
      const heldUntil = found.holdUntil === null ? null : found.holdUntil - off;
      return outcome === null ? [] : [{ holdId: item.holdId, sagaId: item.sagaId, outcome, heldUntil }];
    });
    const busy = items.filter((item) => !settled.some((one) => one.holdId === item.holdId && one.sagaId === item.sagaId));
    if (busy.length > 0) await postponeHolds(tx, sourceId, busy, BUSY_MS, null);
    await settleItems(tx, sourceId, settled, Date.now());
    await endWith(tx, [...new Set(settled.map(({ holdId }) => holdId))]);
  });
}

/** Ends wishes whose last saga is settled, each with one entry in the audit that says with which result. */
async function endWith(tx: Db, holdIds: readonly number[], now: Instant = Date.now()): Promise<void> {
  if (holdIds.length === 0) return;
  for (const { holdId, kind, zones, outcomes } of await endHolds(tx, holdIds, now))
    await appendAudit(tx, {
      at: now,
      actor: { kind: "worker", workerId: "worker" },
      action: `saga.${kind}`,
      target: { kind: "hold", id: String(holdId), zones },
      result: "result",
      detail: outcomes,
      entryKey: `hold:${holdId}:result`,
    });
}
