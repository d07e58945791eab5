import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, instant, list, rows, touched } from "../db/rows";
import type { Instant } from "../time";
import type { LinkTemplates } from "./links.rules";
import type { Contract, ContractText, Problem } from "./rules";

// One number for one purpose; any other lock of the store has another.
const CONFIGURATION_LOCK = 7_311_001;

export type Applied = { environment: string; contentHash: string; at: Instant; workerId: string };
export type Report = { workerId: string; contentHash: string | null; ok: boolean; problems: Problem[]; at: Instant };

/** Waits until no other worker applies configuration; held to the end of the transaction. */
export async function lockConfiguration(tx: Db): Promise<void> {
  await rows(tx, sql`select pg_advisory_xact_lock(${CONFIGURATION_LOCK})`);
}

/** What is in force; null before the first time. */
export function selectApplied(db: Db): Promise<Applied | null> {
  return firstRow(
    db,
    sql`select environment, content_hash as "contentHash", at, worker_id as "workerId" from configuration_applied`,
  );
}

/** Notes what is in force from now on. */
export async function upsertApplied(tx: Db, applied: Applied & { links: LinkTemplates }): Promise<void> {
  const { environment, links, contentHash, at, workerId } = applied;
  await rows(
    tx,
    sql`insert into configuration_applied (id, environment, links, content_hash, at, worker_id)
        values (1, ${environment}, ${JSON.stringify(links)}::jsonb, ${contentHash}, ${instant(at)}, ${workerId})
        on conflict (id) do update set environment = excluded.environment, links = excluded.links, content_hash = excluded.content_hash,
          at = excluded.at, worker_id = excluded.worker_id`,
  );
}

/** The addresses of other tools in force; none before the first time. */
export async function selectLinks(db: Db): Promise<LinkTemplates> {
  const found = await firstRow<{ links: LinkTemplates }>(db, sql`select links from configuration_applied`);
  return found?.links ?? {};
}

/** Every worker's report, the newest first. */
export function selectReports(db: Db): Promise<Report[]> {
  return rows(
    db,
    sql`select worker_id as "workerId", content_hash as "contentHash", ok, problems, at from configuration_report order by at desc, worker_id`,
  );
}

/** Writes a worker's own report; a broken file (content hash null) leaves the content that the worker last read whole. */
export async function upsertReport(db: Db, report: Report): Promise<void> {
  const { workerId, contentHash, ok, problems, at } = report;
  await rows(
    db,
    sql`insert into configuration_report (worker_id, content_hash, ok, problems, at)
        values (${workerId}, ${contentHash}, ${ok}, ${JSON.stringify(problems)}::jsonb, ${instant(at)})
        on conflict (worker_id) do update set ok = excluded.ok, problems = excluded.problems, at = excluded.at,
          content_hash = coalesce(excluded.content_hash, configuration_report.content_hash)`,
  );
}

/** Takes away the reports of one worker, or of all that have been silent since before an instant. */
export function deleteReports(db: Db, whose: { workerId: string } | { before: Instant }): Promise<number> {
  const which = "workerId" in whose ? sql`worker_id = ${whose.workerId}` : sql`at < ${instant(whose.before)}`;
  return touched(db, sql`delete from configuration_report where ${which}`);
}

/** The revision of a content, numbered if the zone never had it. */
export async function ensureRevision(tx: Db, text: ContractText, at: Instant, workerId: string): Promise<number> {
  const { contract, contentHash, yaml } = text;
  await rows(
    tx,
    sql`insert into contract_revision (zone_id, revision, content_hash, yaml, body, applied_at, applied_by)
        select ${contract.zoneId}, coalesce(max(revision), 0) + 1, ${contentHash}, ${yaml}, ${JSON.stringify(contract)}::jsonb, ${instant(at)}, ${workerId}
          from contract_revision where zone_id = ${contract.zoneId}
        on conflict (zone_id, content_hash) do nothing`,
  );
  // The text is the same, but a newer Accord may normalise it to more than an older one did.
  await rows(
    tx,
    sql`update contract_revision set body = ${JSON.stringify(contract)}::jsonb
         where zone_id = ${contract.zoneId} and content_hash = ${contentHash} and body <> ${JSON.stringify(contract)}::jsonb`,
  );
  const kept = await firstRow<{ revision: number }>(
    tx,
    sql`select revision from contract_revision where zone_id = ${contract.zoneId} and content_hash = ${contentHash}`,
  );
  return kept!.revision;
}

/** Makes a revision the zone's current one. True when it was not: a new zone, another revision, or a retired zone that is back. */
export async function placeZone(
  tx: Db,
  zone: { zoneId: string; title: string; revision: number; position: number; warnings: Problem[] },
): Promise<boolean> {
  const { zoneId, title, revision, position } = zone;
  const before = await firstRow<{ revision: number; retired: boolean }>(
    tx,
    sql`select revision, retired_at is not null as retired from zone where zone_id = ${zoneId}`,
  );
  await rows(
    tx,
    sql`insert into zone (zone_id, title, revision, position, warnings)
        values (${zoneId}, ${title}, ${revision}, ${position}, ${JSON.stringify(zone.warnings)}::jsonb)
        on conflict (zone_id) do update set title = excluded.title, revision = excluded.revision, position = excluded.position,
          warnings = excluded.warnings, retired_at = null
          where (zone.title, zone.revision, zone.position, zone.warnings) is distinct from
                (excluded.title, excluded.revision, excluded.position, excluded.warnings) or zone.retired_at is not null`,
  );
  return before === null || before.retired || before.revision !== revision;
}

/** Retires every zone that is not named any more; gives those that were not retired yet. */
export async function retireOthers(tx: Db, zoneIds: readonly string[], at: Instant): Promise<string[]> {
  const retired = await rows<{ zoneId: string }>(
    tx,
    sql`update zone set retired_at = ${instant(at)} where retired_at is null and not (zone_id = any(${list(zoneIds, "text")})) returning zone_id as "zoneId"`,
  );
  return retired.map((zone) => zone.zoneId);
}

/** Notes when which revision became current; null: the zone was retired. */
export async function insertApplication(
  tx: Db,
  zoneId: string,
  revision: number | null,
  at: Instant,
  workerId: string,
): Promise<void> {
  await rows(
    tx,
    sql`insert into contract_application (zone_id, revision, at, worker_id) values (${zoneId}, ${revision}, ${instant(at)}, ${workerId})`,
  );
}

/** Puts the events of these contracts in place of all that were there. */
export async function replaceZoneEvents(tx: Db, contracts: readonly Contract[]): Promise<void> {
  const named = contracts.flatMap(({ zoneId, semantics }) =>
    semantics.events.flatMap(({ eventType, from, to }) => ["", ...to].map((consumer) => ({ zoneId, from, eventType, consumer }))),
  );
  await rows(tx, sql`delete from zone_event`);
  await rows(
    tx,
    sql`insert into zone_event (zone_id, source_id, event_type, consumer)
        select * from unnest(${list(
          named.map((row) => row.zoneId),
          "text",
        )}, ${list(
          named.map((row) => row.from),
          "text",
        )},
                             ${list(
                               named.map((row) => row.eventType),
                               "text",
                             )}, ${list(
                               named.map((row) => row.consumer),
                               "text",
                             )})`,
  );
}
