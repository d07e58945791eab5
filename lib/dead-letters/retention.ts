import type { Contract } from "../contracts/rules";
import { readContracts } from "../contracts/service";
import type { Db } from "../db/pool";
import { parseJson, writeJson } from "../json";
import { maskerOf } from "../masking";
import { hours, type Instant } from "../time";
import { decoded } from "./binary.rules";
import { maskingHash } from "./failure.rules";
import { keepMsOf } from "./kept.rules";
import * as store from "./retention.sql";

// What a turn may cost: so many groups, and so many messages.
const GROUPS_MAX = 100;
const MESSAGES_MAX = 5_000;
const STEP_MAX = 100;

/**
 * Takes payloads and headers out of messages that were parked longer ago than their zones' contracts keep them, open and closed, in bounded steps;
 * of the other texts it leaves what the contracts do not mask, since afterwards nobody can tell it apart. Gives how many messages.
 */
export async function forgetPayloads(db: Db, now: Instant): Promise<number> {
  const contracts = await readContracts(db);
  const keeping = contracts.filter((contract) => keepMsOf([contract]) !== null).map(({ zoneId }) => zoneId);
  if (keeping.length === 0) return 0;
  let left = MESSAGES_MAX;
  for (const zones of await store.selectZonesWith(db, keeping)) {
    const own = contracts.filter(({ zoneId }) => zones.includes(zoneId));
    const keepMs = keepMsOf(own)!;
    // A group is looked at again when something new can be past its time, and not every minute.
    const due = await store.selectDue(db, zones, now - keepMs - Math.min(hours(1), keepMs / 24), GROUPS_MAX);
    for (const group of due) {
      if (left <= 0) return MESSAGES_MAX - left;
      left -= await forgetOf(db, group, own, now - keepMs, now, left);
    }
  }
  return MESSAGES_MAX - left;
}

async function forgetOf(
  db: Db,
  { groupId, goneBefore }: { groupId: number; goneBefore: Instant | null },
  own: readonly Contract[],
  before: Instant,
  now: Instant,
  most: number,
): Promise<number> {
  const range = { groupId, from: goneBefore, before };
  const paths = own.flatMap((contract) => contract.masking);
  const under = maskingHash(paths);
  let done = 0;
  // Open ones first: what is closed between the two is found among the closed.
  for (const [select, remove] of [
    [store.selectHeldOpen, store.removeFromOpen],
    [store.selectHeldClosed, store.removeFromClosed],
  ] as const)
    for (;;) {
      if (done >= most) return done;
      const held = await select(db, range, STEP_MAX);
      if (held.length === 0) break;
      await remove(
        db,
        held.map((one) => without(one, paths)),
        under,
        now,
      );
      done += held.length;
      if (held.length < STEP_MAX) break;
    }
  await store.markGone(db, groupId, before);
  return done;
}

/** What is left of a message's texts when the payload goes that says what of them is masked. */
function without(held: store.Held, paths: readonly string[]): store.Held {
  const mask = maskerOf(held.payload && decoded(held.payload), paths);
  const text = (value: string | null) => value && mask.text(value);
  return {
    ...held,
    errorMessage: mask.text(held.errorMessage),
    errorStack: mask.text(held.errorStack),
    attemptLog: writeJson(mask.deep(parseJson(held.attemptLog))),
    aggregateType: text(held.aggregateType),
    correlationId: text(held.correlationId),
    causationId: text(held.causationId),
    traceparent: text(held.traceparent),
  };
}
