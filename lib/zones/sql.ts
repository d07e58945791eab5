import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { instant, list, rows, touched } from "../db/rows";
import type { Instant } from "../time";
import type { KeysByAge, StoredCauses, StoredFigures, UnresolvedReason, Verdict, ZoneFacts } from "./rules";

export type SourceAge = {
  zoneId: string;
  sourceId: string;
  service: string;
  observedAt: Instant | null;
  error: string | null;
  oldestSince: Instant | null;
};

/** Per zone and source: the last good look, and the oldest open fact that lies with it; each minimum is the first entry of an index. */
export async function selectSourceAges(db: Db, pairs: readonly { zoneId: string; sourceId: string }[]): Promise<SourceAge[]> {
  return rows<SourceAge>(
    db,
    sql`select p.z as "zoneId", p.s as "sourceId", src.service, l.observed_at as "observedAt", l.error,
          (select min(u.since) from unresolved u where u.zone_id = p.z and u.source_id = p.s and u.confirmed) as "oldestSince"
        from unnest(${list(
          pairs.map((p) => p.zoneId),
          "text",
        )}, ${list(
          pairs.map((p) => p.sourceId),
          "text",
        )}) p(z, s) join source src on src.source_id = p.s join source_look l on l.source_id = p.s`,
  );
}

export type Oldest = { zoneId: string; since: Instant; key: string; reason: UnresolvedReason };

/** The oldest open key of each zone, with the reason of its oldest fact. */
export async function selectOldest(db: Db, zoneIds: readonly string[]): Promise<Oldest[]> {
  return rows<Oldest>(
    db,
    sql`select z as "zoneId", o.since, o.business_key as key, (select u.reason from unresolved u where u.zone_id = z and u.business_key = o.business_key and u.confirmed order by u.since limit 1) as reason
          from unnest(${list(zoneIds, "text")}) z cross join lateral (select since, business_key from open_key where zone_id = z order by since limit 1) o`,
  );
}

/** How many keys of a zone are in each age bar; the last bar takes everything older. One pass over one index. */
export async function selectAges(
  db: Db,
  zoneId: string,
  now: Instant,
  barMs: number,
  bars: number,
): Promise<{ bar: number; n: number }[]> {
  return rows(
    db,
    sql`select least(${bars - 1}::int, greatest(0, floor(extract(epoch from ${instant(now)} - since) * 1000 / ${barMs}::float8)::int)) as bar, count(*)::int as n from open_key where zone_id = ${zoneId} group by 1`,
  );
}

export async function countParked(db: Db): Promise<{ zoneId: string; n: number }[]> {
  return rows(
    db,
    sql`select z as "zoneId", sum(open_n)::int as n from dead_letter_group, unnest(case when cardinality(zones) = 0 then array[''] else zones end) z where open_n > 0 group by 1`,
  );
}

export type Before = { zoneId: string; usualKeysN: number | null; oldestMsMinuteAgo: number | null };

/** What is usual for each zone: the median of the last hour's keys, and how old its oldest was a minute ago. */
export async function selectBefore(db: Db, zoneIds: readonly string[], now: Instant): Promise<Before[]> {
  return rows<Before>(
    db,
    sql`select z as "zoneId",
          (select percentile_disc(0.5) within group (order by keys_n) from zone_sample s where s.level_s = 60 and s.zone_id = z and s.at >= ${instant(now - 3_600_000)}) as "usualKeysN",
          (select oldest_ms from zone_sample s where s.level_s = 10 and s.zone_id = z and s.at >= ${instant(now - 75_000)} and s.at < ${instant(now - 50_000)} order by s.at limit 1) as "oldestMsMinuteAgo"
        from unnest(${list(zoneIds, "text")}) z`,
  );
}

export type StatusRow = {
  zoneId: string;
  verdict: Verdict;
  verdictSince: Instant;
  wasVerdict: Verdict | null;
  facts: ZoneFacts;
  figures: StoredFigures;
  keysByAge: KeysByAge | null;
  causes: StoredCauses;
  judgedAt: Instant;
};

/** Stores a judgement with its sample for the charts, and the change of verdict when there is one. */
export async function upsertStatus(
  tx: Db,
  status: Omit<StatusRow, "verdictSince" | "wasVerdict">,
  verdictPlace: number,
  reasons: unknown,
): Promise<void> {
  const { zoneId, verdict, judgedAt, facts, figures, keysByAge, causes } = status;
  const at = instant(judgedAt);
  await tx.execute(
    sql`with old as (select verdict from zone_status where zone_id = ${zoneId}),
        change as (insert into verdict_change (zone_id, at, verdict, reasons, oldest_key) select ${zoneId}, ${at}, ${verdict}, ${JSON.stringify(reasons)}::jsonb, ${facts.oldest?.key ?? null}
          where not exists (select 1 from old where old.verdict = ${verdict}) on conflict do nothing),
        sample as (insert into zone_sample (level_s, zone_id, at, verdict, oldest_ms, keys_n, parked_n)
          values (10, ${zoneId}, to_timestamp(floor(extract(epoch from ${at}) / 10) * 10), ${verdictPlace}, ${facts.oldest === null ? null : Math.round(Math.max(0, judgedAt - facts.oldest.since))}, ${facts.keysN}, ${facts.parkedN})
          on conflict (level_s, zone_id, at) do update set verdict = least(zone_sample.verdict, excluded.verdict), oldest_ms = greatest(zone_sample.oldest_ms, excluded.oldest_ms),
            keys_n = greatest(zone_sample.keys_n, excluded.keys_n), parked_n = greatest(zone_sample.parked_n, excluded.parked_n))
        insert into zone_status (zone_id, verdict, verdict_since, was_verdict, facts, figures, keys_by_age, causes, judged_at)
        values (${zoneId}, ${verdict}, ${at}, ${verdict === "unknown" ? null : verdict}, ${JSON.stringify(facts)}::jsonb, ${JSON.stringify(figures)}::jsonb, ${JSON.stringify(keysByAge)}::jsonb, ${JSON.stringify(causes)}::jsonb, ${at})
        on conflict (zone_id) do update set verdict = excluded.verdict, verdict_since = case when zone_status.verdict = excluded.verdict then zone_status.verdict_since else excluded.verdict_since end,
          was_verdict = coalesce(excluded.was_verdict, zone_status.was_verdict), facts = excluded.facts, figures = excluded.figures, keys_by_age = excluded.keys_by_age, causes = excluded.causes, judged_at = excluded.judged_at`,
  );
}

/** Sums up a level of the charts' samples into the next; done again it gives the same rows. */
export async function rollUpSamples(db: Db, fine: number, coarse: number, from: Instant, to: Instant): Promise<void> {
  await db.execute(
    sql`insert into zone_sample (level_s, zone_id, at, verdict, oldest_ms, keys_n, parked_n)
        select ${coarse}::smallint, zone_id, to_timestamp(floor(extract(epoch from at) / ${coarse}::int) * ${coarse}::int), min(verdict), max(oldest_ms), max(keys_n), max(parked_n)
          from zone_sample where level_s = ${fine} and at >= ${instant(from)} and at < ${instant(to)} group by 1, 2, 3
        on conflict (level_s, zone_id, at) do update set verdict = excluded.verdict, oldest_ms = excluded.oldest_ms, keys_n = excluded.keys_n, parked_n = excluded.parked_n`,
  );
}

/** The status of the zones that are in force, in the order of the files. */
export async function selectStatuses(db: Db, zoneIds: readonly string[] | null): Promise<StatusRow[]> {
  return rows<StatusRow>(
    db,
    sql`select s.zone_id as "zoneId", s.verdict, s.verdict_since as "verdictSince", s.was_verdict as "wasVerdict", s.facts, s.figures, s.keys_by_age as "keysByAge", s.causes, s.judged_at as "judgedAt"
          from zone_status s join zone z using (zone_id) where z.retired_at is null and (${zoneIds === null} or s.zone_id = any(${list(zoneIds ?? [], "text")})) order by z.position`,
  );
}

export type SampleRow = {
  zoneId: string;
  at: Instant;
  verdict: number;
  oldestMs: number | null;
  keysN: number | null;
  parkedN: number | null;
};

export async function selectSamples(
  db: Db,
  zoneIds: readonly string[],
  level: number,
  from: Instant,
  to: Instant,
): Promise<SampleRow[]> {
  return rows<SampleRow>(
    db,
    sql`select zone_id as "zoneId", at, verdict, oldest_ms as "oldestMs", keys_n as "keysN", parked_n as "parkedN" from zone_sample
          where level_s = ${level} and zone_id = any(${list(zoneIds, "text")}) and at >= ${instant(from)} and at < ${instant(to)} order by at`,
  );
}

export type ChangeRow = { at: Instant; verdict: Verdict; oldestKey: string | null };

export async function selectChanges(db: Db, zoneId: string, from: Instant, most: number): Promise<ChangeRow[]> {
  return rows<ChangeRow>(
    db,
    sql`select at, verdict, oldest_key as "oldestKey" from verdict_change where zone_id = ${zoneId} and at >= ${instant(from)} order by at desc limit ${most}`,
  );
}

export async function deleteOldChanges(db: Db, before: Instant): Promise<number> {
  return touched(db, sql`delete from verdict_change where at < ${instant(before)}`);
}
