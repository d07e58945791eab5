import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { instant, list, oneOf, rows, touched, unnestOf } from "../db/rows";
import type { UnresolvedReason } from "../facts/rules";
import type { Instant } from "../time";
import type { Verdict, ZoneFacts } from "../verdicts/rules";
import { digestOf } from "./news.rules";
import type { FoundCauses, KeysByAge, StoredCauses, StoredFigures } from "./rules";

export type SourceAge = {
  zoneId: string;
  sourceId: string;
  service: string;
  observedAt: Instant | null;
  error: string | null;
  oldestSince: Instant | null;
};

/** Per zone and source: the last good poll, and the oldest open fact that lies with it; each minimum is the first entry of an index. */
export async function selectSourceAges(db: Db, pairs: readonly { zoneId: string; sourceId: string }[]): Promise<SourceAge[]> {
  return rows<SourceAge>(
    db,
    sql`select p.z as "zoneId", p.s as "sourceId", src.service, l.observed_at as "observedAt", l.error,
          (select min(u.since) from unresolved u where u.zone_id = p.z and u.source_id = p.s and u.confirmed) as "oldestSince"
        from ${unnestOf("p", pairs, { z: ["text", (p) => p.zoneId], s: ["text", (p) => p.sourceId] })} join source src on src.source_id = p.s join source_status l on l.source_id = p.s`,
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

/** Parked messages that no contract names. */
export async function countOutside(db: Db): Promise<number> {
  const [row] = await rows<{ n: number }>(
    db,
    sql`select coalesce(sum(open_n), 0)::int as n from dead_letter_group where cardinality(zones) = 0`,
  );
  return row!.n;
}

export type Before = { zoneId: string; usualKeysN: number | null; oldestMsMinuteAgo: number | null; causesDigest: string | null };

/** What is usual for each zone: the median of the last hour's keys, and how old its oldest was a minute ago; and which causes are stored. */
export async function selectBefore(db: Db, zoneIds: readonly string[], now: Instant): Promise<Before[]> {
  // A worker of an older version stores causes with a time of their own, and leaves the digest of others beside them.
  return rows<Before>(
    db,
    sql`select z as "zoneId",
          (select percentile_disc(0.5) within group (order by keys_n) from zone_sample s where s.level_s = 60 and s.zone_id = z and s.at >= ${instant(now - 3_600_000)}) as "usualKeysN",
          (select oldest_ms from zone_sample s where s.level_s = 10 and s.zone_id = z and s.at >= ${instant(now - 75_000)} and s.at < ${instant(now - 50_000)} order by s.at limit 1) as "oldestMsMinuteAgo",
          (select causes_digest from zone_status s where s.zone_id = z and not s.causes ? 'at') as "causesDigest"
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

export type NewStatus = Omit<StatusRow, "verdictSince" | "wasVerdict" | "judgedAt" | "causes"> & {
  causes: FoundCauses;
  /** Of the causes that are stored. */
  storedDigest: string | null;
  verdictCode: number;
  reasons: unknown;
  /** Of `newsOf`. */
  news: string;
};

/** Null for what is stored already. */
function changed(causes: FoundCauses, stored: string | null): { causes: FoundCauses | null; digest: string | null } {
  const digest = digestOf(causes);
  return digest === stored ? { causes: null, digest: null } : { causes, digest };
}

/**
 * Stores judgements with their samples for the charts, and the changes of verdict that there are: all zones in one statement. Causes are most of
 * it, and are sent where their digest is another than the stored one; a digest always says what stands beside it, so that what somebody else
 * stored meanwhile is replaced in the next round.
 */
export async function upsertStatuses(tx: Db, statuses: readonly NewStatus[], judgedAt: Instant): Promise<void> {
  const at = instant(judgedAt);
  const stored = statuses.map(({ facts, causes, ...status }) => ({
    zone_id: status.zoneId,
    verdict: status.verdict,
    code: status.verdictCode,
    facts,
    figures: status.figures,
    keys_by_age: status.keysByAge,
    ...changed(causes, status.storedDigest),
    reasons: status.reasons,
    news: status.news,
    oldest_key: facts.oldest?.key ?? null,
    oldest_ms: facts.oldest === null ? null : Math.round(Math.max(0, judgedAt - facts.oldest.since)),
    keys_n: facts.keysN,
    parked_n: facts.parkedN,
    missing_n: facts.divergences.missing,
    unexpected_n: facts.divergences.unexpected,
    mismatch_n: facts.divergences.mismatch,
    duplicate_n: facts.divergences.duplicate,
  }));
  await tx.execute(
    sql`with s as materialized (select * from jsonb_to_recordset(${JSON.stringify(stored)}::jsonb) s(zone_id text, verdict text, code smallint, facts jsonb, figures jsonb, keys_by_age jsonb, causes jsonb, digest text, reasons jsonb, news text,
            oldest_key text, oldest_ms bigint, keys_n int, parked_n int, missing_n int, unexpected_n int, mismatch_n int, duplicate_n int)),
        change as (insert into verdict_change (zone_id, at, verdict, reasons, oldest_key) select zone_id, ${at}, verdict, reasons, oldest_key from s
          where not exists (select 1 from zone_status old where old.zone_id = s.zone_id and old.verdict = s.verdict) on conflict do nothing),
        sample as (insert into zone_sample (level_s, zone_id, at, verdict, oldest_ms, keys_n, parked_n, missing_n, unexpected_n, mismatch_n, duplicate_n)
          select 10, zone_id, to_timestamp(floor(extract(epoch from ${at}) / 10) * 10), code, oldest_ms, keys_n, parked_n, missing_n, unexpected_n, mismatch_n, duplicate_n from s order by zone_id
          on conflict (level_s, zone_id, at) do update set verdict = least(zone_sample.verdict, excluded.verdict), oldest_ms = greatest(zone_sample.oldest_ms, excluded.oldest_ms),
            keys_n = greatest(zone_sample.keys_n, excluded.keys_n), parked_n = greatest(zone_sample.parked_n, excluded.parked_n), missing_n = greatest(zone_sample.missing_n, excluded.missing_n), unexpected_n = greatest(zone_sample.unexpected_n, excluded.unexpected_n),
            mismatch_n = greatest(zone_sample.mismatch_n, excluded.mismatch_n), duplicate_n = greatest(zone_sample.duplicate_n, excluded.duplicate_n))
        insert into zone_status (zone_id, verdict, verdict_since, was_verdict, facts, figures, keys_by_age, causes, causes_digest, judged_at, news)
        select zone_id, verdict, ${at}, nullif(verdict, 'unknown'), facts, figures, keys_by_age, coalesce(causes, '{}'), digest, ${at}, news from s order by zone_id
        on conflict (zone_id) do update set verdict = excluded.verdict, verdict_since = case when zone_status.verdict = excluded.verdict then zone_status.verdict_since else excluded.verdict_since end,
          was_verdict = coalesce(excluded.was_verdict, zone_status.was_verdict), facts = excluded.facts, figures = excluded.figures, keys_by_age = excluded.keys_by_age, causes = case when excluded.causes_digest is null then zone_status.causes else excluded.causes end, causes_digest = coalesce(excluded.causes_digest, zone_status.causes_digest), judged_at = excluded.judged_at, news = excluded.news`,
  );
}

/** Sums up a level of the charts' samples into the next; done again it gives the same rows. */
export async function rollUpSamples(db: Db, fine: number, coarse: number, from: Instant, to: Instant): Promise<void> {
  await db.execute(
    sql`insert into zone_sample (level_s, zone_id, at, verdict, oldest_ms, keys_n, parked_n, missing_n, unexpected_n, mismatch_n, duplicate_n)
        select ${coarse}::smallint, zone_id, to_timestamp(floor(extract(epoch from at) / ${coarse}::int) * ${coarse}::int), min(verdict), max(oldest_ms), max(keys_n), max(parked_n), max(missing_n), max(unexpected_n), max(mismatch_n), max(duplicate_n)
          from zone_sample where level_s = ${fine} and at >= ${instant(from)} and at < ${instant(to)} group by 1, 2, 3
        on conflict (level_s, zone_id, at) do update set verdict = excluded.verdict, oldest_ms = excluded.oldest_ms, keys_n = excluded.keys_n, parked_n = excluded.parked_n,
          missing_n = excluded.missing_n, unexpected_n = excluded.unexpected_n, mismatch_n = excluded.mismatch_n, duplicate_n = excluded.duplicate_n`,
  );
}

/** The status of the zones that are in force, in the order of the files. */
export async function selectStatuses(db: Db, zoneIds: readonly string[] | null): Promise<StatusRow[]> {
  return rows<StatusRow>(
    db,
    sql`select s.zone_id as "zoneId", s.verdict, s.verdict_since as "verdictSince", s.was_verdict as "wasVerdict", s.facts, s.figures, s.keys_by_age as "keysByAge", s.causes || jsonb_build_object('at', (extract(epoch from s.judged_at) * 1000)::float8) as causes, s.judged_at as "judgedAt"
          from zone_status s join zone z using (zone_id) where z.retired_at is null and ${oneOf(sql`s.zone_id`, zoneIds)} order by z.position`,
  );
}

/** The worst verdict of each minute of a span, as `minute:code` pairs, one row a zone; the newest minutes come from samples that are not summed up yet. */
export async function selectMinutes(
  db: Db,
  zoneIds: readonly string[],
  from: Instant,
  to: Instant,
  newest: Instant,
): Promise<{ zoneId: string; minutes: string }[]> {
  const ids = list(zoneIds, "text");
  return rows(
    db,
    sql`select zone_id as "zoneId", string_agg(minute || ':' || code, ',') as minutes from (
          select zone_id, floor(extract(epoch from at) / 60)::int as minute, min(verdict) as code from (
            select zone_id, at, verdict from zone_sample where level_s = 60 and zone_id = any(${ids}) and at >= ${instant(from)} and at < ${instant(to)} union all
            select zone_id, at, verdict from zone_sample where level_s = 10 and zone_id = any(${ids}) and at >= ${instant(newest)} and at < ${instant(to)}) s
          group by 1, 2) m group by 1`,
  );
}

export type ChangeRow = { at: Instant; verdict: Verdict; oldestKey: string | null };

export async function selectChanges(db: Db, zoneId: string, from: Instant, most: number): Promise<ChangeRow[]> {
  return rows<ChangeRow>(
    db,
    sql`select at, verdict, oldest_key as "oldestKey" from verdict_change where zone_id = ${zoneId} and at >= ${instant(from)} order by at desc limit ${most}`,
  );
}

/** A zone's changes of verdict before an instant, the newest first. */
export async function selectChangesBefore(db: Db, zoneId: string, before: Instant, most: number): Promise<ChangeRow[]> {
  return rows<ChangeRow>(
    db,
    sql`select at, verdict, oldest_key as "oldestKey" from verdict_change where zone_id = ${zoneId} and at < ${instant(before)} order by at desc limit ${most}`,
  );
}

/** Forgets when verdicts changed, past its use. */
export async function deleteOldChanges(db: Db, before: Instant): Promise<number> {
  return touched(db, sql`delete from verdict_change where at < ${instant(before)}`);
}
