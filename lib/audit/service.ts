import type { Ctx } from "../context";
import type { Db } from "../db/pool";
import { zoneFilter } from "../permissions";
import type { AuditFilter } from "./input";
import type { AuditEntry, NewEntry } from "./rules";
import { insertEntry, selectEntries } from "./sql";

/** A page of the audit and the cursor of the next one; null on the last page. */
export type AuditPage = { entries: AuditEntry[]; next: string | null };

/** The audit, newest first. Who is limited to zones sees their entries and what they did themselves. */
export async function listAudit(ctx: Ctx, filter: AuditFilter): Promise<AuditPage> {
  const operatorId = ctx.actor.kind === "operator" ? ctx.actor.operatorId : null;
  const found = await selectEntries(ctx.db, { ...filter, limit: filter.limit + 1 }, { operatorId, zones: zoneFilter(ctx.actor) });
  const entries = found.slice(0, filter.limit);
  const last = entries.at(-1);
  return { entries, next: found.length > filter.limit && last ? `${last.at}-${last.id}` : null };
}

/** Appends an entry to the transaction of the change that it tells of; false when the same `entryKey` stands already. */
export async function appendAudit(tx: Db, entry: NewEntry): Promise<boolean> {
  return (await insertEntry(tx, entry)) !== null;
}
