import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, instant, list, rows, touched, unnestOf } from "../db/rows";
import type { Instant } from "../time";
import { undone } from "./effects.sql";
import type { ForecastOutcome } from "./forecast.rules";
import type { Selection } from "./rules";
import { chosen } from "./sql";

/** Up to here every letter is looked at; of more, the first. */
export const LETTERS_MOST = 300_000;
/** Nobody waits longer for a worker to begin, or for one that is silent. */
const LOST_S = 20;

/** How many letters share an outcome, with some of their keys. */
export type Foretold = { outcome: ForecastOutcome; n: number; keys: string[] };
/** Letters of a source that could not be asked, and why. */
export type Unasked = { sourceId: string; n: number; why: string };
/** `whole`: every letter was looked at; else those that come first. */
export type Found = { outcomes: Foretold[]; unasked: Unasked[]; whole: boolean };

/** Asks for a forecast of what is selected. */
export async function insertForecast(db: Db, asked: { selection: Selection; askedBy: string }): Promise<number> {
  const row = await firstRow<{ id: number }>(
    db,
    sql`insert into forecast (selection, asked_by, asked_at, last_letter)
          select ${JSON.stringify(asked.selection)}::jsonb, ${asked.askedBy}, clock_timestamp(), coalesce(max(id), 0) from dead_letter returning forecast_id as id`,
  );
  return row!.id;
}

export type Claimed = { forecastId: number; selection: Selection; asOf: Instant };

/** Takes the newest forecast that waits, or whose worker fell silent; what nobody waits for any more is left. */
export async function claimForecast(db: Db, workerId: string): Promise<Claimed | null> {
  return firstRow<Claimed>(
    db,
    sql`with next as materialized (
          select forecast_id from forecast where ended_at is null and asked_at > clock_timestamp() - interval '1 minute'
            and (taken_at is null or taken_at < clock_timestamp() - ${LOST_S} * interval '1 s') order by asked_at desc limit 1 for update skip locked)
        update forecast f set taken_by = ${workerId}, taken_at = clock_timestamp() from next where f.forecast_id = next.forecast_id
          returning f.forecast_id as "forecastId", f.selection, f.asked_at as "asOf"`,
  );
}

/** A letter of a forecast, with what the store knows of it. */
export type Foreseen = {
  id: number;
  sourceId: string;
  sourceDeadLetterId: string;
  consumer: string;
  eventType: string;
  messageId: string;
  businessKey: string;
  version: number | null;
  mark: string | null;
  zones: string[];
  state: string;
  claimed: boolean;
  expired: boolean;
  undone: boolean;
};

/** Opens the reading of a selection's letters within a transaction: by consumer and key, each key in the order in which it is carried out. */
export async function openLetters(tx: Db, { selection, asOf }: Claimed, expiring: readonly string[]): Promise<void> {
  await tx.execute(
    sql`declare foreseen no scroll cursor for
          select d.id, d.source_id as "sourceId", d.source_seq as "sourceDeadLetterId", g.consumer, g.event_type as "eventType", d.message_id as "messageId",
            d.business_key as "businessKey", d.version::float8 as version, d.source_mark as mark, g.zones, d.state, c.dead_letter is not null as claimed,
            (d.source_id = any(${list(expiring, "text")}) and coalesce((select b.expires_at <= ${instant(asOf)} from dead_letter_body b where b.id = d.id), false)) as expired,
            (c.dead_letter is null and ${undone}) as undone
          from dead_letter d join dead_letter_group g using (group_id) left join dead_letter_claim c on c.dead_letter = d.id where ${chosen(selection)}
          order by d.source_id, g.consumer, d.business_key, d.version, d.since, d.id limit ${LETTERS_MOST + 1}`,
  );
}

/** The next of these letters. What a cursor gives no statement of its own tells: its columns are those that it was opened with. */
export async function fetchLetters(tx: Db, most: number): Promise<Foreseen[]> {
  const fetched = await rows<object>(tx, sql.raw(`fetch ${Math.trunc(most)} from foreseen`));
  return fetched as Foreseen[];
}

/** Notes what would come of letters. */
export async function insertForeseen(
  tx: Db,
  forecastId: number,
  letters: readonly { id: number; outcome: ForecastOutcome }[],
): Promise<void> {
  await tx.execute(
    sql`insert into forecast_letter (forecast_id, outcome, dead_letter) select ${forecastId}::bigint, o, d
          from ${unnestOf("f", letters, { o: ["text", (one) => one.outcome], d: ["bigint", (one) => one.id] })} order by o, d`,
  );
}

/** Says how far it is, and that its worker lives. */
export async function markLooked(
  db: Db,
  { forecastId, workerId }: { forecastId: number; workerId: string },
  lookedN: number,
): Promise<void> {
  await db.execute(
    sql`update forecast set looked_n = ${lookedN}, taken_at = clock_timestamp() where forecast_id = ${forecastId} and taken_by = ${workerId} and ended_at is null`,
  );
}

/** Ends a forecast that is still this worker's; false when another took it meanwhile. */
export async function endForecast(
  tx: Db,
  { forecastId, workerId }: { forecastId: number; workerId: string },
  { lookedN, found }: { lookedN: number; found: Found },
): Promise<boolean> {
  const n = await touched(
    tx,
    sql`update forecast set ended_at = clock_timestamp(), looked_n = ${lookedN}, found = ${JSON.stringify(found)}::jsonb
          where forecast_id = ${forecastId} and taken_by = ${workerId} and ended_at is null`,
  );
  return n === 1;
}

export type StoredForecast = {
  state: "waiting" | "done" | "lost";
  selection: Selection;
  askedAt: Instant;
  lastLetter: number;
  lookedN: number;
  found: Found | null;
};

/** A forecast of who asked for it; null for another's, and for one that was deleted. */
export async function selectForecast(db: Db, forecastId: number, askedBy: string): Promise<StoredForecast | null> {
  return firstRow<StoredForecast>(
    db,
    sql`select selection, asked_at as "askedAt", last_letter as "lastLetter", looked_n as "lookedN", found,
          case when ended_at is not null then 'done' when coalesce(taken_at, asked_at) < clock_timestamp() - ${LOST_S} * interval '1 s' then 'lost' else 'waiting' end as state
        from forecast where forecast_id = ${forecastId} and asked_by = ${askedBy}`,
  );
}

/** How many letters match a selection that arrived after a letter: along the primary key, so that it costs what arrived. */
export async function countArrived(db: Db, selection: Selection, lastLetter: number, now: Instant): Promise<number> {
  return (await firstRow<{ n: number }>(
    db,
    sql`select count(*)::int as n from dead_letter d where d.id > ${lastLetter} and d.state = 'parked' and ${chosen({ ...selection, asOf: now })}`,
  ))!.n;
}

/** Forgets forecasts that were asked for before an instant. */
export async function forgetForecasts(db: Db, before: Instant): Promise<void> {
  await db.execute(
    sql`with old as (delete from forecast where asked_at < ${instant(before)} returning forecast_id) delete from forecast_letter l using old where l.forecast_id = old.forecast_id`,
  );
}
