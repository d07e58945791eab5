import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, oneOf, rows } from "../db/rows";
import type { Instant } from "../time";
import type { Contract, Problem } from "./rules";

export type ZoneContract = {
  zoneId: string;
  title: string;
  revision: number;
  retiredAt: Instant | null;
  warnings: Problem[];
  contract: Contract;
  yaml: string;
};
export type Revision = { revision: number; contentHash: string; appliedAt: Instant; appliedBy: string };
/** Revision null: the zone was retired. */
export type Application = { revision: number | null; at: Instant; workerId: string };

/** Both grow with reviewed changes; the screen shows the newest and says that there are more. */
const HISTORY_MAX = 200;

// The same content is the same contract wherever it is stored; a body that a newer Accord wrote anew has another xmin.
const bodies = new Map<string, Contract>();
const BODIES_MAX = 5_000;

/** The contracts in force, in the order of their files. Each content is read and parsed once: whoever gets one may not change it. */
export async function selectContracts(db: Db): Promise<Contract[]> {
  const inForce = await rows<{ zoneId: string; content: string }>(
    db,
    sql`select zone_id as "zoneId", r.content_hash || ' ' || r.xmin::text as content from zone z join contract_revision r using (zone_id, revision)
          where z.retired_at is null order by z.position, zone_id`,
  );
  const unread = inForce.filter(({ content }) => !bodies.has(content)).map(({ zoneId }) => zoneId);
  const read = unread.length === 0 ? [] : await selectBodies(db, unread);
  if (bodies.size + read.length > BODIES_MAX) bodies.clear();
  for (const { content, body } of read) bodies.set(content, body);
  // Applied between the two statements, or forgotten just now: read whole.
  if (inForce.some(({ content }) => !bodies.has(content))) return (await selectBodies(db, null)).map(({ body }) => body);
  return inForce.map(({ content }) => bodies.get(content)!);
}

const selectBodies = (db: Db, zoneIds: readonly string[] | null): Promise<{ content: string; body: Contract }[]> =>
  rows<{ content: string; body: Contract }>(
    db,
    sql`select r.content_hash || ' ' || r.xmin::text as content, r.body from zone z join contract_revision r using (zone_id, revision)
          where z.retired_at is null and ${oneOf(sql`zone_id`, zoneIds)} order by z.position, zone_id`,
  );

/** One zone's current contract, also of a retired zone; null when there is no such zone. */
export function selectZoneContract(db: Db, zoneId: string): Promise<ZoneContract | null> {
  return firstRow(
    db,
    sql`select z.zone_id as "zoneId", z.title, z.revision, z.retired_at as "retiredAt", z.warnings, r.body as contract, r.yaml
          from zone z join contract_revision r using (zone_id, revision) where z.zone_id = ${zoneId}`,
  );
}

/** The contents that a zone's contract had, the newest first. */
export function selectRevisions(db: Db, zoneId: string): Promise<Revision[]> {
  return rows(
    db,
    sql`select revision, content_hash as "contentHash", applied_at as "appliedAt", applied_by as "appliedBy"
          from contract_revision where zone_id = ${zoneId} order by revision desc limit ${HISTORY_MAX}`,
  );
}

/** When which revision became current, the newest first. */
export function selectApplications(db: Db, zoneId: string): Promise<Application[]> {
  return rows(
    db,
    sql`select revision, at, worker_id as "workerId" from contract_application where zone_id = ${zoneId} order by id desc limit ${HISTORY_MAX}`,
  );
}

/** The text of one revision, to be compared with another; null when the zone never had it. */
export async function selectRevisionText(db: Db, zoneId: string, revision: number): Promise<string | null> {
  const found = await firstRow<{ yaml: string }>(
    db,
    sql`select yaml from contract_revision where zone_id = ${zoneId} and revision = ${revision}`,
  );
  return found?.yaml ?? null;
}
