import { denialKey, type Target } from "./audit/rules";
import { insertDenial, insertEntry } from "./audit/sql";
import { actorId, type Ctx } from "./context";
import type { Db } from "./db/pool";
import { type Action, can } from "./permissions";
import { Refusal } from "./refusal";

export type { Target } from "./audit/rules";

/** What the entry says beside who, what and when. A `key` promises that the change itself is one change under that key. */
export type Entry<T> = {
  reason?: string | undefined;
  key?: string | undefined;
  detail?: Record<string, unknown> | ((value: T) => Record<string, unknown>) | undefined;
};

/**
 * The one door for a person's writes: may they, then one transaction with the change and its entry. Without permission
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
    await insertEntry(tx, {
      at: ctx.now,
      actor: ctx.actor,
      action,
      target,
      result: "done",
      reason: entry.reason,
      detail: typeof entry.detail === "function" ? entry.detail(value) : entry.detail,
      entryKey: entry.key === undefined ? undefined : doneKey(ctx, action, target, entry.key),
    });
    return value;
  });
}

/** Refuses, and writes the attempt down, when the actor may not; for what must be known before the change is worked out. */
export async function permitted(ctx: Ctx, action: Action, target: Target): Promise<void> {
  const permission = can(ctx.actor, action, target.zones);
  if (permission.ok) return;
  await writeDenial(ctx, action, target, permission.reason);
  throw new Refusal("forbidden", permission.reason, { action });
}

async function writeDenial(ctx: Ctx, action: Action, target: Target, reason: string): Promise<void> {
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

// Keys come from callers: with actor, action and target in front, nobody's key can keep another act out of the record.
function doneKey(ctx: Ctx, action: Action, target: Target, key: string): string {
  return `done:${actorId(ctx.actor)}:${action}:${target.kind}:${target.id}:${key}`;
}
