import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, list, touched } from "../db/rows";
import type { DiscoveryLook, Found } from "./discovery.rules";

/** What is looked at: databases by the variables that hold their addresses, and sources by their names. */
export type Wanted = { variables: readonly string[]; sources: readonly string[] };

// A look ends within 10 s, so that whoever took one 20 s ago is gone; and nobody waits longer than a minute for one to be taken.
const TAKEN_S_MAX = 20;
const LOST_S = 60;

/** Asks for a look, in place of the last one. Null while one is under way: of two that ask at once, one gets it. */
export const markAsked = (db: Db, { variables, sources }: Wanted, askedBy: string): Promise<{ lookId: string } | null> =>
  firstRow(
    db,
    sql`insert into discovery (one, look_id, variables, sources, asked_by, asked_at) values (true, gen_random_uuid(), ${list(variables, "text")}, ${list(sources, "text")}, ${askedBy}, clock_timestamp())
          on conflict (one) do update set look_id = excluded.look_id, variables = excluded.variables, sources = excluded.sources, asked_by = excluded.asked_by, asked_at = excluded.asked_at,
            taken_by = null, taken_at = null, ended_at = null, problem = null, found = null
            where discovery.ended_at is not null or discovery.asked_at < clock_timestamp() - ${LOST_S} * interval '1 s' returning look_id as "lookId"`,
  );

/** Takes a look that waits, or whose taker is gone. */
export const claimLook = (db: Db, workerId: string): Promise<{ lookId: string; variables: string[]; sources: string[] } | null> =>
  firstRow(
    db,
    sql`update discovery set taken_by = ${workerId}, taken_at = clock_timestamp() where ended_at is null and asked_at > clock_timestamp() - ${LOST_S} * interval '1 s'
          and (taken_at is null or taken_at < clock_timestamp() - ${TAKEN_S_MAX} * interval '1 s') returning look_id as "lookId", variables, sources`,
  );

/** Ends a look that is still this worker's; false when another took it meanwhile. */
export async function recordLook(
  db: Db,
  { lookId, workerId }: { lookId: string; workerId: string },
  { problem, found }: { problem: string | null; found: Found | null },
): Promise<boolean> {
  const n = await touched(
    db,
    sql`update discovery set ended_at = clock_timestamp(), problem = ${problem}, found = ${found === null ? null : JSON.stringify(found)}::jsonb
          where look_id = ${lookId}::uuid and taken_by = ${workerId} and ended_at is null`,
  );
  return n > 0;
}

/** The last look, and how it stands by the store's clock. */
export const selectLook = (db: Db): Promise<DiscoveryLook | null> =>
  firstRow(
    db,
    sql`select look_id as "lookId", asked_by as "askedBy", asked_at as "askedAt", variables, sources, ended_at as "endedAt", problem, found,
          case when problem is not null then 'failed' when ended_at is not null then 'done' when asked_at < clock_timestamp() - ${LOST_S} * interval '1 s' then 'lost'
            when taken_at is null then 'waiting' else 'running' end as state from discovery`,
  );
