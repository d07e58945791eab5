import { randomUUID } from "node:crypto";
import { appendAudit } from "../audit/service";
import type { Db } from "../db/pool";
import { correction } from "../sources/clocks.rules";
import { failureWords } from "../sources/failure-words";
import { fromSource, SourceFailure } from "../sources/failures.rules";
import type { Holdable } from "../sources/holdable";
import type { Observed } from "../sources/observed";
import { selectClockOffsets } from "../sources/sql";
import { type Instant, seconds } from "../time";
import {
  claimHolds,
  endHolds,
  type HoldClaim,
  type HoldItem,
  postponeHolds,
  type SettledItem,
  selectHoldSources,
  settleItems,
  settleLate,
} from "./hold-items.sql";
import { outcomeOfHold } from "./rules";

// Sagas told to a source in one statement.
const AT_ONCE = 500;
const AWAY_MS = seconds(2);
// A service has locked its row for a moment; a compensation may be starting meanwhile.
const BUSY_MS = 200;

/**
 * Dispatches what people requested: tells each source, reads back how its sagas stand, and notes what came of it. A claim in a transaction
 * of its own, the source's answer in none, the note in another: killed anywhere, the next worker does the same again once the claim has run
 * out, and changes nothing twice.
 */
export async function dispatchHolds(db: Db, observed: readonly Observed[]): Promise<void> {
  const due = await selectHoldSources(db);
  if (due.length === 0) return;
  await db.transaction(async (tx) => endWith(tx, await settleLate(tx, Date.now())));
  await Promise.all(observed.filter(({ sourceId }) => due.includes(sourceId)).map((one) => dispatchTo(db, one)));
}

async function dispatchTo(db: Db, { sourceId, source }: Observed): Promise<void> {
  const claim = { sourceId, claimId: randomUUID() };
  const items = await claimHolds(db, claim, AT_ONCE);
  if (items.length === 0) return;
  if (source.holdable === null)
    return postponeHolds(db, claim, items, AWAY_MS, "Accord only observes this source: act is false in accord.yaml.");
  try {
    const answer = await fromSource(source.holdable.hold(items));
    await db.transaction((tx) => note(tx, claim, items, answer));
  } catch (error) {
    if (!(error instanceof SourceFailure)) throw error;
    await postponeHolds(db, claim, items, AWAY_MS, failureWords(error.cause));
  }
}

type HoldAnswer = Awaited<ReturnType<Holdable["hold"]>>;

async function note(tx: Db, claim: HoldClaim, items: readonly HoldItem[], answer: HoldAnswer): Promise<void> {
  const off = correction((await selectClockOffsets(tx)).get(claim.sourceId) ?? 0);
  const stateOf = new Map(answer.states.map((state) => [state.sagaId, state]));
  const settled = items.flatMap((item): SettledItem[] => {
    const found = stateOf.get(item.sagaId) ?? { state: null, holdUntil: null };
    const outcome = outcomeOfHold(item, found, answer.sourceNow);
    const heldUntil = found.holdUntil === null ? null : found.holdUntil - off;
    return outcome === null ? [] : [{ holdId: item.holdId, sagaId: item.sagaId, outcome, heldUntil }];
  });
  const busy = items.filter((item) => !settled.some((one) => one.holdId === item.holdId && one.sagaId === item.sagaId));
  if (busy.length > 0) await postponeHolds(tx, claim, busy, BUSY_MS, null);
  await settleItems(tx, claim, settled, Date.now());
  await endWith(tx, [...new Set(settled.map(({ holdId }) => holdId))]);
}

/** Ends requests whose last saga is settled, each with one entry in the audit that says with which result. */
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
