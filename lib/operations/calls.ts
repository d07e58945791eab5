import type { Db } from "../db/pool";
import { shownFailure } from "../dead-letters/failure.rules";
import { selectItemFingerprints } from "../dead-letters/sql";
import type { CallAnswer } from "../platform/answer.rules";
import type { Callable } from "../sources/callable";
import { fromSource, SourceFailure } from "../sources/failures.rules";
import type { Observed } from "../sources/observed";
import { againAfterMs } from "./asked";
import { claimCall, type DueCall, noteCall, selectDueCalls } from "./calls.sql";
import { endSent } from "./ending";
import { byOf, requestOf } from "./request";

// Calls to one service at once, and in one round: more would be a load that nobody asked for.
const CALLS_AT_ONCE = 8;
// What a call takes beyond its own time limit: the note before it, and the one after.
const NOTES_MS = 5_000;
const SAID_CHARS_MAX = 300;

/** Asks services for what their frameworks do not take from a table. What becomes of it is watched like every other retry. */
export async function callServices(db: Db, observed: readonly Observed[], signal?: AbortSignal): Promise<void> {
  const rounds = await Promise.allSettled(
    observed.flatMap((one) => (one.source.callable ? [callService(db, one, one.source.callable, signal)] : [])),
  );
  const broken = rounds.find((round) => round.status === "rejected" && !(round.reason instanceof SourceFailure));
  if (broken?.status === "rejected") throw broken.reason;
}

async function callService(db: Db, one: Observed, callable: Callable, signal: AbortSignal | undefined): Promise<void> {
  const due = await selectDueCalls(db, one.sourceId, CALLS_AT_ONCE);
  if (due.length === 0 || signal?.aborted) return;
  const requestIn = (item: DueCall) => requestOf(item.operationId, byOf(item.requestedByName, item.operationId), item);
  // Only for what lies there as the operator saw it: what moved since is the watch's.
  const { states } = await fromSource(one.source.redeliveries(due.map(requestIn)));
  const parked = new Set(states.flatMap((s) => (s.state === null && s.deadLetterState === "parked" ? [s.redeliveryId] : [])));
  await Promise.all(
    due.map(async (item) => {
      const request = requestIn(item);
      if (!parked.has(request.redeliveryId) || signal?.aborted) return;
      const calls = await claimCall(db, item.operationId, item.item, callable.timeoutMs + NOTES_MS);
      if (calls === null) return;
      await note(db, one, { ...item, calls }, await fromSource(callable.call(request, signal)));
    }),
  );
}

/** Notes an answer; a refusal ends the item. */
async function note(db: Db, one: Observed, item: DueCall & { calls: number }, answer: CallAnswer): Promise<void> {
  const now = Date.now();
  const detail = answer.answer === "refused" ? await refusedWords(db, one, item, answer) : null;
  await db.transaction(async (tx) => {
    await noteCall(tx, item, answer, { answeredAt: now, againAfterMs: againAfterMs(answer, item.calls) });
    if (detail !== null) await endSent(tx, one.sourceId, item, [{ item: item.item, outcome: "stale", detail }], now);
  });
}

/** Why a service refused, with what it said, masked as the message's own failure is. */
async function refusedWords(
  db: Db,
  { service, map }: Observed,
  { operationId, item }: DueCall,
  { words, said }: CallAnswer,
): Promise<string> {
  const before = (await selectItemFingerprints(db, operationId, [item])).get(item);
  const refused = `${service} refused it: it ${words}`;
  if (said === "" || !before) return `${refused}.`;
  const { errorMessage } = shownFailure(before.payload, map.maskingOf(before.zones), {
    ...{ errorType: "", errorMessage: said, errorStack: "" },
  });
  return `${refused}: ${errorMessage.slice(0, SAID_CHARS_MAX)}`;
}
