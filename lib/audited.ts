import { createHash } from "node:crypto";
import { keepAnswer, selectAnswer, takeKey } from "./audit/keys.sql";
import { denialKey, type Target } from "./audit/rules";
import { insertDenial, insertEntry } from "./audit/sql";
import { actorId, type Ctx } from "./context";
import type { Db } from "./db/pool";
import { type Action, can } from "./permissions";
import { Refusal } from "./refusal";

export type { Target } from "./audit/rules";

/** What the entry says beside who, what and when. */
export type Entry<T> = {
  reason?: string | undefined;
  detail?: Record<string, unknown> | ((value: T) => Record<string, unknown>) | undefined;
};

/**
 * The one way for a person's writes: may they, then one transaction with the change and its entry. Without permission
 * nothing changes, the attempt is written down, and a Refusal says who can. A Refusal of the change leaves no trace.
 */
export async function audited<T>(
  ctx: Ctx,
  action: Action,
  target: Target,
  change: (tx: Db) => Promise<T>,
  entry: Entry<T> = {},
): Promise<T> {
  await permitted(ctx, action, target);
  return ctx.db.transaction(async (tx) => {
    const value = await change(tx);
    await insertDone(tx, ctx, action, target, entry, value);
    return value;
  });
}

/** A request under the key that its sender gave it. What makes it another request is all of it but the key. */
export type Keyed = { key?: string | undefined };
type Answered = Record<string, unknown>;

/**
 * As `audited`, once per key: the same request of the same actor again has no second effect and gets the answer of the first time, which
 * must be JSON without secrets; another request under the key is a conflict. Settled by the store, also for two that come at once.
 * `target` and `change` are worked out only when the key is new, since the first time may have changed what they would find. A request
 * without a key, as a command sends it, is another one each time.
 */
export async function auditedOnce<T extends Answered, R extends Keyed>(
  ctx: Ctx,
  action: Action,
  request: R,
  work: () => Promise<{ target: Target; change: (tx: Db) => Promise<T>; entry?: Entry<T> }>,
): Promise<{ value: T; repeated: boolean }> {
  if (request.key === undefined) {
    const { target, change, entry } = await work();
    return { value: await audited(ctx, action, target, change, entry), repeated: false };
  }
  const key = { actorId: actorId(ctx.actor), action, key: request.key };
  const requestHash = hashOf(request);
  const before = await selectAnswer(ctx.db, key);
  if (before) return { value: sameAnswer<T>(before, requestHash), repeated: true };
  try {
    const { target, change, entry = {} } = await work();
    const takeAndChange = async (tx: Db): Promise<T> => {
      if (!(await takeKey(tx, key, requestHash, ctx.now))) throw new Repeated();
      const value = await change(tx);
      await keepAnswer(tx, key, value);
      return value;
    };
    return { value: await audited(ctx, action, target, takeAndChange, entry), repeated: false };
  } catch (error) {
    // Another one under the key may have come between: then there was nothing left to do, or the key itself was taken.
    const other = error instanceof Repeated || error instanceof Refusal ? await selectAnswer(ctx.db, key) : null;
    if (!other) throw error;
    return { value: sameAnswer<T>(other, requestHash), repeated: true };
  }
}

/** The key was taken while this request was on its way: the other request did it. */
class Repeated extends Error {}

function sameAnswer<T>(before: { requestHash: string; answer: unknown }, requestHash: string): T {
  if (before.requestHash === requestHash) return before.answer as T;
  throw new Refusal("conflict", "This Idempotency-Key was used for another request. Send a new key.", before.answer as Answered);
}

const hashOf = ({ key: _, ...asked }: Keyed): string => createHash("sha256").update(JSON.stringify(asked)).digest("hex");

function insertDone<T>(tx: Db, ctx: Ctx, action: Action, target: Target, entry: Entry<T>, value: T) {
  const detail = typeof entry.detail === "function" ? entry.detail(value) : entry.detail;
  return insertEntry(tx, { at: ctx.now, actor: ctx.actor, action, target, result: "done", reason: entry.reason, detail });
}

/** Refuses, and writes the attempt down, when the actor may not; for what must be known before the change is worked out. */
export async function permitted(ctx: Ctx, action: Action, target: Target): Promise<void> {
  const permission = can(ctx.actor, action, target.zones);
  if (permission.ok) return;
  await writeDenial(ctx, action, target, permission.reason);
  throw new Refusal("forbidden", permission.reason, { action });
}

/** Writes an attempt down that was refused, once a minute for the same one. */
export async function writeDenial(ctx: Ctx, action: Action, target: Target, reason: string): Promise<void> {
  const entryKey = denialKey(actorId(ctx.actor), action, target, ctx.now);
  await insertDenial(ctx.db, {
    at: ctx.now,
    actor: ctx.actor,
    action,
    target,
    result: "denied",
    detail: { why: reason },
    entryKey,
  });
}
