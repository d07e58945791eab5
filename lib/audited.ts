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
 * nothing changes, and a Refusal says who can. Whatever is refused, by permission or by the change itself, is written down as an attempt.
 */
export async function audited<T>(
  ctx: Ctx,
  action: Action,
  target: Target,
  change: (tx: Db) => Promise<T>,
  entry: Entry<T> = {},
): Promise<T> {
  return attempted(ctx, action, target, () => changed(ctx, action, target, change, entry));
}

async function changed<T>(ctx: Ctx, action: Action, target: Target, change: (tx: Db) => Promise<T>, entry: Entry<T>): Promise<T> {
  await permitted(ctx, action, target);
  return ctx.db.transaction(async (tx) => {
    const value = await change(tx);
    await insertDone(tx, ctx, action, target, entry, value);
    return value;
  });
}

// Refusals of which the audit has an entry already.
const written = new WeakSet<Refusal>();

/** Does what somebody asks for; a Refusal on the way is written down once, after whatever it took back. */
export async function attempted<T>(ctx: Ctx, action: Action, target: Target, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal) await writeRefusal(ctx, action, target, error);
    throw error;
  }
}

async function writeRefusal(ctx: Ctx, action: Action, target: Target, refusal: Refusal): Promise<void> {
  // What a worker meets in its rounds is nobody's attempt.
  if (ctx.actor.kind === "worker" || written.has(refusal)) return;
  written.add(refusal);
  // An address that was typed is no part of why.
  await writeDenial(ctx, action, target, refusal.message.replace(/\S+@\S+/g, "an e-mail address"));
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
    const asked: Target = { kind: "request", id: idsIn(request), zones: [] };
    const { target, change, entry } = await attempted(ctx, action, asked, work);
    return { value: await audited(ctx, action, target, change, entry), repeated: false };
  }
  const key = { actorId: actorId(ctx.actor), action, key: request.key };
  const requestHash = hashOf(request);
  let target: Target = { kind: "request", id: idsIn(request), zones: [] };
  const before = await selectAnswer(ctx.db, key);
  if (before)
    return { value: await attempted(ctx, action, target, async () => sameAnswer<T>(before, requestHash)), repeated: true };
  try {
    const found = await work();
    const { change, entry = {} } = found;
    target = found.target;
    const takeAndChange = async (tx: Db): Promise<T> => {
      if (!(await takeKey(tx, key, requestHash, ctx.now))) throw new Repeated();
      const value = await change(tx);
      await keepAnswer(tx, key, value);
      return value;
    };
    return { value: await changed(ctx, action, target, takeAndChange, entry), repeated: false };
  } catch (error) {
    // Another one under the key may have come between: then there was nothing left to do, or the key itself was taken.
    const other = error instanceof Repeated || error instanceof Refusal ? await selectAnswer(ctx.db, key) : null;
    return attempted(ctx, action, target, async () => {
      if (!other) throw error;
      return { value: sameAnswer<T>(other, requestHash), repeated: true };
    });
  }
}

/** What a request names, for an attempt that ended before its target was found: ids only, since other fields may say anything. */
function idsIn(request: Keyed): string {
  const named = Object.entries(request).filter(([name, value]) => /(^id|Id)$/.test(name) && typeof value !== "object");
  return named.map(([, value]) => String(value)).join(", ") || "of no one thing";
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
  const refusal = new Refusal("forbidden", permission.reason, { action });
  written.add(refusal);
  throw refusal;
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
