import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, instant } from "../db/rows";
import type { Instant } from "../time";
import type { Verification } from "./rules";

/** Links so many entries that have no link yet; gives how many there were. */
export async function linkEntries(db: Db, most: number): Promise<number> {
  const row = await firstRow<{ n: number }>(db, sql`select link_audit(${most}) as n`);
  return row!.n;
}

export type Walked = { n: number; head: string | null; brokenEntry: number | null };

/** Walks some links from a place on: how many there are, the hash of the last, and the first entry that does not fit its link. */
export async function walkLinks(db: Db, from: number, most: number): Promise<Walked> {
  const row = await firstRow<Walked>(
    db,
    sql`with walked as (
          select l.seq, l.entry_id, l.hash, coalesce(lag(l.hash) over (order by l.seq), (select hash from audit_link where seq = ${from}::bigint - 1)) as previous
            from audit_link l where l.seq >= ${from}::bigint order by l.seq limit ${most})
        select count(*)::int as n, (array_agg(w.hash order by w.seq desc))[1] as head,
          (array_agg(w.entry_id order by w.seq) filter (where e.id is null or w.hash is distinct from audit_hash(w.previous, e)))[1] as "brokenEntry"
          from walked w left join audit_entry e on e.id = w.entry_id`,
  );
  return row!;
}

/** The first entry that was put in without a link, and the first whose time is far from when the database took it. */
export async function selectStrays(db: Db): Promise<{ unlinked: number | null; misdated: number | null }> {
  const row = await firstRow<{ unlinked: number | null; misdated: number | null }>(
    db,
    sql`select (select min(e.id) from audit_entry e where e.recorded_at < clock_timestamp() - interval '10 minutes' and not exists (select from audit_link l where l.entry_id = e.id)) as unlinked,
          (select min(e.id) from audit_entry e where e.at not between e.recorded_at - interval '15 minutes' and e.recorded_at + interval '15 minutes') as misdated`,
  );
  return row!;
}

/** Keeps what a walk found, in place of what was found before. */
export async function recordVerification(db: Db, found: Verification): Promise<void> {
  await db.execute(
    sql`insert into audit_verification (at, entries_n, head, broken_entry, why)
          values (${instant(found.at)}, ${found.entriesN}, ${found.head}, ${found.brokenEntry}::bigint, ${found.why})
          on conflict (one) do update set at = excluded.at, entries_n = excluded.entries_n, head = excluded.head, broken_entry = excluded.broken_entry, why = excluded.why`,
  );
}

/** What the last walk found; null before the first. */
export const selectVerification = (db: Db): Promise<Verification | null> =>
  firstRow<Verification>(
    db,
    sql`select at, entries_n as "entriesN", head, broken_entry as "brokenEntry", why from audit_verification`,
  );

/** Now, as the database has it. */
export async function selectNow(db: Db): Promise<Instant> {
  return (await firstRow<{ now: Instant }>(db, sql`select clock_timestamp() as now`))!.now;
}
