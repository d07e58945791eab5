import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { instant, rows } from "../db/rows";
import type { Abilities } from "../presets/abilities.rules";
import type { Instant } from "../time";
import type { SourceFigures } from "./rules";

export type ListedSource = {
  sourceId: string;
  service: string;
  preset: string;
  consumers: string[];
  act: boolean;
  /** What its tables record; null before configuration was applied anew. */
  abilities: Abilities | null;
};

/** The sources in force, in the order of accord.yaml. */
export async function selectSources(db: Db): Promise<ListedSource[]> {
  return rows<ListedSource>(
    db,
    sql`select source_id as "sourceId", service, preset, consumers, act, abilities from source where retired_at is null order by position`,
  );
}

export type SourceStatus = ListedSource & {
  observedAt: Instant | null;
  error: string | null;
  failedSince: Instant | null;
  nextPollAt: Instant | null;
  leaseOwner: string | null;
  pollMs: number | null;
  clockOffsetMs: number | null;
  timesOffMs: number | null;
  timesOffAt: Instant | null;
  longTransactionMs: number | null;
  backlog: boolean;
  figures: SourceFigures | null;
  oddRowsN: number;
  foreignConsumers: string[];
  rereadAt: Instant | null;
  rereadWhy: string | null;
  /** Which shape of its framework's tables was found; null where there are no others. */
  variant: string | null;
  /** What of it is not read as it could be, in whole sentences. */
  notes: string[];
};

/** The sources with how polling them goes. */
export async function selectSourceStatuses(db: Db): Promise<SourceStatus[]> {
  return rows<SourceStatus>(
    db,
    sql`select s.source_id as "sourceId", s.service, s.preset, s.consumers, s.act, s.abilities, l.observed_at as "observedAt", l.error, l.failed_since as "failedSince", l.next_poll_at as "nextPollAt",
          case when l.lease_until > now() then l.lease_owner end as "leaseOwner", l.poll_ms as "pollMs", l.clock_offset_ms as "clockOffsetMs", l.times_off_ms as "timesOffMs", l.times_off_at as "timesOffAt", l.long_transaction_ms as "longTransactionMs", l.backlog,
          l.figures, l.odd_rows_n as "oddRowsN", l.foreign_consumers as "foreignConsumers", l.reread_at as "rereadAt", l.reread_why as "rereadWhy", l.variant, l.notes
        from source s join source_status l using (source_id) where s.retired_at is null order by s.position`,
  );
}

/** The version that each consumer was last seen with. */
export async function selectCurrentVersions(
  db: Db,
): Promise<{ sourceId: string; consumer: string; version: string; since: Instant }[]> {
  return rows(
    db,
    sql`select distinct on (source_id, consumer) source_id as "sourceId", consumer, version, at as since from deploy order by source_id, consumer, at desc`,
  );
}

/** What was counted of a source by measure, in the hours after an instant. */
export async function selectCounts(db: Db, sourceId: string, after: Instant): Promise<Map<string, number>> {
  const counts = await rows<{ measure: string; n: number }>(
    db,
    sql`select measure, sum(n)::float8 as n from source_count where source_id = ${sourceId} and hour > ${instant(after)} group by measure`,
  );
  return new Map(counts.map(({ measure, n }) => [measure, n]));
}
