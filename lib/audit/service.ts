import type { Ctx } from "../context";
import type { Db } from "../db/pool";
import { canRead, zoneFilter } from "../permissions";
import { days, type Instant } from "../time";
import { zoneTags } from "../verdicts/service";
import { selectVerification } from "./chain.sql";
import type { AuditFilter } from "./input";
import { deleteOldKeys } from "./keys.sql";
import { type AuditEntry, asOf, type NewEntry } from "./rules";
import { insertEntry, selectEntries } from "./sql";
import type { AuditPage, AuditRow } from "./views";
import { entryWords, targetHref, targetText, verificationSentence } from "./words";

export type { AuditPage } from "./views";

/** The audit, newest first. Who is limited to zones sees their entries and what they did themselves, and of an entry's zones only their own. */
export async function listAudit(ctx: Ctx, filter: AuditFilter): Promise<AuditPage> {
  const found = await selectEntries(ctx.db, { ...asOf(filter, ctx.now), limit: filter.limit + 1 }, readerOf(ctx));
  const entries = found.slice(0, filter.limit).map((entry) => inScope(ctx, entry));
  const last = entries.at(-1);
  const verified = await selectVerification(ctx.db);
  return {
    now: ctx.now,
    entries: await rowsOf(ctx, entries),
    verification: verified && { at: verified.at, holds: verified.why === null, sentence: verificationSentence(verified) },
    next: found.length > filter.limit && last ? `${last.at}-${last.id}` : null,
  };
}

/** Appends an entry to the transaction of the change that it tells of; false when the same `entryKey` stands already. */
export async function appendAudit(tx: Db, entry: NewEntry): Promise<boolean> {
  return (await insertEntry(tx, entry)) !== null;
}

// Longer than anybody repeats a request; as long as closed dead letters are kept.
const KEYS_KEPT_MS = days(400);
const FORGET_MAX = 10_000;

/** Forgets the keys of requests from long ago; for the worker's clock. */
export const forgetKeys = (db: Db, now: Instant): Promise<void> => deleteOldKeys(db, now - KEYS_KEPT_MS, FORGET_MAX);

/** Whose audit it is: what they did themselves, and what stands in their zones. A token may be for fewer zones than its owner: it sees those alone. */
export const readerOf = (ctx: Ctx) => ({
  operatorId: ctx.actor.kind === "operator" && !ctx.actor.token ? ctx.actor.operatorId : null,
  zones: zoneFilter(ctx.actor),
});

/** An entry without the names of zones that its reader does not see. */
export const inScope = (ctx: Ctx, entry: AuditEntry): AuditEntry => ({
  ...entry,
  target: { ...entry.target, zones: entry.target.zones.filter((zone) => canRead(ctx.actor, zone)) },
});

async function rowsOf(ctx: Ctx, entries: readonly AuditEntry[]): Promise<AuditRow[]> {
  const tags = await zoneTags(ctx.db, [...new Set(entries.flatMap((entry) => entry.target.zones))], ctx.now);
  return entries.map((entry) => ({
    ...entry,
    words: entryWords(entry),
    targetText: targetText(entry.target),
    href: targetHref(entry.target),
    zones: entry.target.zones.map((zoneId) => ({
      zoneId,
      title: tags.find((tag) => tag.zoneId === zoneId)?.title ?? zoneId,
    })),
  }));
}
