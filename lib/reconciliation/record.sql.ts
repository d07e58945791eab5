import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { instant, list, rows, touched } from "../db/rows";
import type { Instant } from "../time";
import type { RuleId } from "./rule.sql";
import type { FieldDifference, Judged, Moment } from "./rules";

/** A divergence as the worker judges it. */
export type Kept = Judged & {
  divergenceId: number;
  key: string;
  since: Instant;
  fields: FieldDifference[];
  history: Moment[];
  explainedBy: string | null;
  acceptedUntil: Instant | null;
};

/** Candidates, open and accepted ones that are to be looked at, those that wait longest first. */
export async function selectDue(db: Db, { zoneId, rule }: RuleId, now: Instant, most: number): Promise<Kept[]> {
  return rows<Kept>(
    db,
    sql`select divergence_id as "divergenceId", key, kind, detail, state, since, first_seen_at as "firstSeenAt", version, changed_at as "changedAt", authority_digest as "authorityDigest",
          projection_digest as "projectionDigest", seen_n as "seenN", restarts, fields, history, explained_by as "explainedBy", accepted_until as "acceptedUntil"
        from divergence where zone_id = ${zoneId} and rule = ${rule} and state <> 'resolved' and due_at <= ${instant(now)} order by due_at limit ${most}`,
  );
}

export type NewCandidate = Omit<Kept, "divergenceId" | "acceptedUntil"> & { dueAt: Instant };

/** Records what differs; a key that is known already stays what it is. Answers how many are new. */
export async function insertCandidates(tx: Db, { zoneId, rule }: RuleId, candidates: readonly NewCandidate[]): Promise<number> {
  if (candidates.length === 0) return 0;
  return touched(
    tx,
    sql`insert into divergence (zone_id, rule, business_key, key, kind, detail, state, since, first_seen_at, last_seen_at, fields, explained_by, version, changed_at, authority_digest, projection_digest, seen_n, restarts, due_at, history)
        select ${zoneId}, ${rule}, key, key, kind, detail, 'candidate', instant_of(since), instant_of("firstSeenAt"), instant_of("firstSeenAt"), fields, "explainedBy", version, "changedAt", "authorityDigest", "projectionDigest", 1, restarts, instant_of("dueAt"), history
          from jsonb_to_recordset(${JSON.stringify(candidates)}::jsonb) s(key text, kind text, detail text, since float8, "firstSeenAt" float8, fields jsonb, "explainedBy" text, version text, "changedAt" text, "authorityDigest" text,
            "projectionDigest" text, restarts int, "dueAt" float8, history jsonb) order by key
        on conflict (zone_id, rule, key) where state <> 'resolved' do nothing`,
  );
}

export type Update = {
  divergenceId: number;
  state: "candidate" | "open" | "accepted" | "resolved";
  kind: string;
  detail: string | null;
  since: Instant;
  firstSeenAt: Instant;
  lastSeenAt: Instant;
  confirmedAt: Instant | null;
  resolvedAt: Instant | null;
  resolution: string | null;
  fields: FieldDifference[];
  explainedBy: string | null;
  version: string | null;
  changedAt: string | null;
  authorityDigest: string | null;
  projectionDigest: string | null;
  seenN: number;
  restarts: number;
  dueAt: Instant;
  history: Moment[];
};

/** What a look found; one that was settled or accepted by somebody else meanwhile stays so. Answers which were changed, with their keys. */
export async function updateJudged(
  tx: Db,
  updates: readonly (Update & { was: string })[],
): Promise<{ divergenceId: number; key: string; state: string }[]> {
  if (updates.length === 0) return [];
  return rows(
    tx,
    sql`update divergence d set state = u.state, kind = u.kind, detail = u.detail, since = instant_of(u.since), first_seen_at = instant_of(u."firstSeenAt"), last_seen_at = instant_of(u."lastSeenAt"),
          confirmed_at = coalesce(instant_of(u."confirmedAt"), d.confirmed_at), resolved_at = instant_of(u."resolvedAt"), resolution = u.resolution, fields = u.fields, explained_by = u."explainedBy", version = u.version,
          changed_at = u."changedAt", authority_digest = u."authorityDigest", projection_digest = u."projectionDigest", seen_n = u."seenN", restarts = u.restarts, due_at = instant_of(u."dueAt"), history = u.history
        from jsonb_to_recordset(${JSON.stringify(updates)}::jsonb) u("divergenceId" bigint, was text, state text, kind text, detail text, since float8, "firstSeenAt" float8, "lastSeenAt" float8, "confirmedAt" float8, "resolvedAt" float8,
          resolution text, fields jsonb, "explainedBy" text, version text, "changedAt" text, "authorityDigest" text, "projectionDigest" text, "seenN" int, restarts int, "dueAt" float8, history jsonb)
        where d.divergence_id = u."divergenceId" and d.state = u.was returning d.divergence_id as "divergenceId", d.key, d.state`,
  );
}

/** Candidates that converged leave without a trace: they were work under way. */
export async function deleteCandidates(tx: Db, divergenceIds: readonly number[]): Promise<void> {
  if (divergenceIds.length === 0) return;
  await tx.execute(
    sql`delete from divergence where divergence_id = any(${list(divergenceIds, "bigint")}) and state = 'candidate'`,
  );
}

/** Of a bulk divergence only a sample is looked at key by key. */
export async function deleteCandidatesBeyond(tx: Db, { zoneId, rule }: RuleId, sampleN: number): Promise<void> {
  await tx.execute(
    sql`delete from divergence where zone_id = ${zoneId} and rule = ${rule} and state = 'candidate' and divergence_id > (
          select max(divergence_id) from (select divergence_id from divergence where zone_id = ${zoneId} and rule = ${rule} and state <> 'resolved' order by divergence_id limit ${sampleN}) s)`,
  );
}

/** Whether a worker still holds the lease that its work stands on; nobody takes it before this transaction ends. */
export async function stillLeased(tx: Db, name: string, workerId: string, epoch: number): Promise<boolean> {
  const found = await rows(
    tx,
    sql`select 1 from lease where name = ${name} and owner = ${workerId} and epoch = ${epoch} for update`,
  );
  return found.length > 0;
}

/** Forgets what was resolved long ago, a chunk at a time. */
export async function deleteResolvedBefore(db: Db, before: Instant, most = 5_000): Promise<number> {
  return touched(
    db,
    sql`delete from divergence where divergence_id in (select divergence_id from divergence where state = 'resolved' and resolved_at < ${instant(before)} order by resolved_at limit ${most})`,
  );
}
