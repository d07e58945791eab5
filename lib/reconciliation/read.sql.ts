import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, oneOf, rows, unnestOf } from "../db/rows";
import type { Kind } from "../facts/rules";
import { reasonBits, type UnresolvedReason } from "../facts/rules";
import type { Instant } from "../time";
import type { DivergenceState } from "./rules";
import type { Divergence } from "./sql";

export type OpenCount = {
  zoneId: string;
  rule: string;
  kind: Kind;
  n: number;
  /** Keys that are open for no other reason. */
  ownN: number;
  lagN: number;
  oldest: Instant;
  oldestKey: string;
};

const otherReasons = ~reasonBits.divergence;

/** Open divergences by rule and kind, with the oldest of each; one pass over what is open. */
export async function countOpen(db: Db): Promise<OpenCount[]> {
  return rows<OpenCount>(
    db,
    sql`select d.zone_id as "zoneId", d.rule, d.kind, count(*)::int as n, count(*) filter (where coalesce(o.reasons & ${otherReasons}::int, 0) = 0)::int as "ownN", count(*) filter (where d.explained_by = 'lag')::int as "lagN",
          min(d.since) as oldest, (array_agg(d.business_key order by d.since, d.business_key))[1] as "oldestKey"
        from divergence d left join open_key o on o.zone_id = d.zone_id and o.business_key = d.business_key where d.state = 'open' group by 1, 2, 3`,
  );
}

export type ListedDivergence = Omit<Divergence, "fields" | "history" | "dueAt" | "lastSeenAt" | "changedAt" | "version"> & {
  columns: string[];
  place: number;
};

const listed = sql`d.divergence_id as "divergenceId", d.zone_id as "zoneId", d.rule, d.business_key as "businessKey", d.key, d.kind, d.detail, d.state, d.since, d.first_seen_at as "firstSeenAt", d.confirmed_at as "confirmedAt",
  d.resolved_at as "resolvedAt", d.resolution, d.accepted_until as "acceptedUntil", d.explained_by as "explainedBy", d.seen_n as "seenN",
  (select coalesce(jsonb_agg(f->>'column'), '[]') from jsonb_array_elements(d.fields) f where (f->>'differs')::boolean) as columns`;

type Filter = { zone: string | null; rule: string | null; kind: Kind | null; state: DivergenceState; prefix: string | null };

const within = (zones: readonly string[] | null, { zone, rule, prefix }: Pick<Filter, "zone" | "rule" | "prefix">): SQL =>
  sql`${oneOf(sql`d.zone_id`, zones)} and (${zone}::text is null or d.zone_id = ${zone}) and (${rule}::text is null or d.rule = ${rule})
    and (${prefix}::text is null or starts_with(d.business_key, ${prefix}))`;

/** A page of divergences of some zones (null: any): what is not settled by age, the oldest first; what is resolved, the newest first. */
export async function selectDivergences(
  db: Db,
  zones: readonly string[] | null,
  filter: Filter,
  after: { at: number; id: number } | null,
  most: number,
): Promise<ListedDivergence[]> {
  const resolved = filter.state === "resolved";
  const at = resolved ? sql`d.resolved_at` : sql`d.since`;
  const place = sql`timestamptz 'epoch' + ${after?.at ?? 0}::bigint * interval '1 microsecond'`;
  const beyond =
    after === null
      ? sql`true`
      : resolved
        ? sql`(d.resolved_at, d.divergence_id) < (${place}, ${after.id}::bigint)`
        : sql`(d.since, d.divergence_id) > (${place}, ${after.id}::bigint)`;
  const order = resolved ? sql`d.resolved_at desc nulls first, d.divergence_id desc nulls first` : sql`d.since, d.divergence_id`;
  // Written out, so that the planner sees which partial index holds these.
  const state = sql.raw(`d.state = '${filter.state}'`);
  return rows<ListedDivergence>(
    db,
    sql`select ${listed}, (extract(epoch from ${at}) * 1000000)::bigint as place from divergence d
          where ${state} and ${within(zones, filter)} and (${filter.kind}::text is null or d.kind = ${filter.kind}) and ${beyond} order by ${order} limit ${most}`,
  );
}

/** Unsettled divergences by zone, rule, state and kind: as many as there are is bounded by the rules. */
export async function countUnsettled(
  db: Db,
  zones: readonly string[] | null,
  filter: Pick<Filter, "zone" | "rule" | "prefix">,
): Promise<{ zoneId: string; rule: string; state: DivergenceState; kind: Kind; n: number }[]> {
  return rows(
    db,
    sql`select d.zone_id as "zoneId", d.rule, d.state, d.kind, count(*)::int as n from divergence d where d.state <> 'resolved' and ${within(zones, filter)} group by 1, 2, 3, 4`,
  );
}

/** How many keys have an open divergence. */
export async function countOpenKeys(
  db: Db,
  zones: readonly string[] | null,
  filter: Pick<Filter, "zone" | "rule" | "prefix">,
): Promise<number> {
  const found = await firstRow<{ n: number }>(
    db,
    sql`select count(*)::int as n from (select distinct d.zone_id, d.business_key from divergence d where d.state = 'open' and ${within(zones, filter)}) k`,
  );
  return found!.n;
}

/** One of what else is open of each key: the oldest fact that is no divergence. */
export async function selectOtherFacts(
  db: Db,
  keys: readonly { zoneId: string; businessKey: string }[],
): Promise<{ zoneId: string; businessKey: string; reason: UnresolvedReason; sourceId: string; consumer: string }[]> {
  if (keys.length === 0) return [];
  return rows(
    db,
    sql`select k.zone_id as "zoneId", k.business_key as "businessKey", f.reason, f.source_id as "sourceId", f.consumer from (select distinct * from ${unnestOf("k", keys, { zone_id: ["text", (key) => key.zoneId], business_key: ["text", (key) => key.businessKey] })}) k
          cross join lateral (select * from unresolved u where u.zone_id = k.zone_id and u.business_key = k.business_key and u.reason <> 'divergence' and u.confirmed order by u.since limit 1) f`,
  );
}

/** The open cases of some keys that a rule found to differ: of the key alone, or of all of its kind. */
export async function selectOpenCases(
  db: Db,
  causes: readonly { zoneId: string; rule: string; key: string; kind: Kind }[],
): Promise<{ zoneId: string; rule: string; key: string; kind: Kind; caseId: string }[]> {
  if (causes.length === 0) return [];
  return rows(
    db,
    sql`select w.zone_id as "zoneId", w.rule, w.key, w.kind, max(c.case_id)::text as "caseId" from ${unnestOf("w", causes, { zone_id: ["text", (cause) => cause.zoneId], rule: ["text", (cause) => cause.rule], key: ["text", (cause) => cause.key], kind: ["text", (cause) => cause.kind] })}
          join case_file c on c.zone_id = w.zone_id and c.cause_kind = 'divergence' and c.cause_ref = w.rule and (c.cause_part = w.key or c.cause_part = w.kind and c.facts->>'key' is null) where c.resolved_at is null group by 1, 2, 3, 4`,
  );
}
