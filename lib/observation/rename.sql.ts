import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { list, rows, touched } from "../db/rows";

/** The sets of zones that groups stand in. */
export async function selectGroupZones(db: Db): Promise<string[][]> {
  const found = await rows<{ zones: string[] }>(
    db,
    sql`select distinct zones from dead_letter_group where cardinality(zones) > 0 order by zones`,
  );
  return found.map(({ zones }) => zones);
}

/** A group as it is named, with one of the letters that its fingerprint named, all of which failed in the same words; null where no letter is left. */
export type Named = {
  groupId: number;
  sourceId: string;
  consumer: string;
  eventType: string;
  errorType: string;
  template: string;
  cause: string | null;
  frame: string | null;
  fingerprint: string;
  fingerprintVersion: number;
  errorMessage: string | null;
  errorStack: string | null;
  payload: string | null;
};

/** Groups of a set of zones that were named under other masking, a bounded number. */
export function selectNamedOtherwise(db: Db, zones: readonly string[], namedUnder: string, most: number): Promise<Named[]> {
  return rows<Named>(
    db,
    sql`select g.group_id as "groupId", g.source_id as "sourceId", g.consumer, g.event_type as "eventType", g.error_type as "errorType", g.template, g.cause, g.frame, g.fingerprint,
          g.fingerprint_version as "fingerprintVersion", coalesce(o.error_message, h.error_message) as "errorMessage", coalesce(o.error_stack, h.error_stack) as "errorStack", coalesce(o.payload, h.payload) as payload
        from dead_letter_group g
          left join lateral (select b.error_message, b.error_stack, b.payload::text as payload from (
            (select d.id from dead_letter d where d.group_id = g.group_id and d.home_id is null order by d.parked_at desc, d.id desc limit 1) union all
            (select d.id from dead_letter d where d.home_id = g.group_id limit 1) limit 1) d join dead_letter_body b using (id)) o on true
          left join lateral (select c.body ->> 'error_message' as error_message, c.body ->> 'error_stack' as error_stack, nullif(c.body -> 'payload', 'null')::text as payload from dead_letter_history c
            where o.error_message is null and c.group_id = g.group_id order by c.parked_at desc, c.id desc limit 1) h on true
        where g.zones = ${list(zones, "text")} and g.named_under is distinct from ${namedUnder} order by g.group_id limit ${most}`,
  );
}

export type Names = Pick<Named, "groupId" | "errorType" | "template" | "cause" | "frame" | "fingerprint"> & {
  namedUnder: string;
};

/** Names a group; its fingerprint follows where no other group has it, so that what fails so from now on comes to it. */
export async function markNames(tx: Db, names: Names): Promise<void> {
  await tx.execute(
    sql`update dead_letter_group g set error_type = ${names.errorType}, template = ${names.template}, cause = ${names.cause}, frame = ${names.frame}, named_under = ${names.namedUnder},
          fingerprint = case when exists (select from dead_letter_group o where o.fingerprint = ${names.fingerprint} and o.group_id <> g.group_id) then md5(${names.fingerprint} || ' ' || g.group_id) else ${names.fingerprint} end
        where g.group_id = ${names.groupId}`,
  );
}

/** What operations and cases say of a group in its words: scopes that hold the old ones, and the facts of its cases. */
export async function replaceInTexts(
  tx: Db,
  groupId: number,
  before: Pick<Names, "errorType" | "template">,
  after: Names,
): Promise<number> {
  const [old, now] = [titleOf(before), titleOf(after)];
  const scopes = await touched(
    tx,
    sql`update operation set scope = replace(scope, ${old}, ${now}) where position(${old} in scope) > 0`,
  );
  const cases = await touched(
    tx,
    sql`update case_file set facts = jsonb_set(facts, '{errorType}', to_jsonb(${after.errorType}::text))
        where cause_kind = 'group' and cause_ref = ${String(groupId)} and facts ->> 'errorType' is distinct from ${after.errorType}`,
  );
  return scopes + cases;
}

// As an operation's scope names a group (lib/operations/sql.ts).
const titleOf = ({ errorType, template }: Pick<Names, "errorType" | "template">): string =>
  `${errorType}: ${[...template].slice(0, 120).join("")}`;
