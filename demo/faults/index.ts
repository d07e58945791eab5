import type pg from "pg";
import { namesOf } from "../install";
import { asAdmin, databaseUrl } from "../kit/cluster";
import { brokenSchemaVersion } from "./broken-schema-version";
import { duplicatedEvents } from "./duplicated-events";
import { failingCompensation } from "./failing-compensation";
import type { Fault, Place } from "./fault";
import { lostEvents } from "./lost-events";
import { poison } from "./poison";
import { refusedLabels } from "./refused-labels";
import { refusedMail } from "./refused-mail";
import { renamedField } from "./renamed-field";
import { reorderedEvents } from "./reordered-events";
import { revokedRead } from "./revoked-read";
import { silentDrift } from "./silent-drift";
import { skewedClock } from "./skewed-clock";
import { slowConsumer } from "./slow-consumer";
import { sourceAway } from "./source-away";
import { stoppedConsumer } from "./stopped-consumer";
import { stoppedRelay } from "./stopped-relay";

/** Every fault that the estate knows. */
export const faults: Fault[] = [
  poison,
  stoppedRelay,
  stoppedConsumer,
  sourceAway,
  failingCompensation,
  slowConsumer,
  lostEvents,
  duplicatedEvents,
  reorderedEvents,
  silentDrift,
  skewedClock,
  brokenSchemaVersion,
  refusedLabels,
  refusedMail,
  renamedField,
  revokedRead,
];

export type Standing = { name: string; startedAt: Date; until: Date | null };

/** Starts a fault, for so long or until it is stopped. Starting it again moves its end. */
export async function startFault(
  name: string,
  adminUrl: string,
  { forMs, prefix = "" }: { forMs?: number; prefix?: string } = {},
): Promise<void> {
  const fault = faultOf(name);
  const place = { adminUrl, prefix };
  await onBroker(place, (client) =>
    client.query(
      `insert into fault (name, until) values ($1, clock_timestamp() + make_interval(secs => $2 / 1000.0))
       on conflict (name) do update set until = excluded.until`,
      [fault.name, forMs ?? null],
    ),
  );
  await fault.begin?.(place);
}

/** Stops a fault, and puts right what it did; false when it was not running. */
export async function stopFault(name: string, adminUrl: string, { prefix = "" }: { prefix?: string } = {}): Promise<boolean> {
  const fault = faultOf(name);
  const place = { adminUrl, prefix };
  await fault.end?.(place);
  const { rowCount } = await onBroker(place, (client) => client.query("delete from fault where name = $1", [fault.name]));
  await fault.repair?.(place);
  return rowCount === 1;
}

/** The faults that run now. */
export async function runningFaults(adminUrl: string, { prefix = "" }: { prefix?: string } = {}): Promise<Standing[]> {
  const { rows } = await onBroker({ adminUrl, prefix }, (client) =>
    client.query<{ name: string; started_at: Date; until: Date | null }>(
      "select name, started_at, until from fault where until is null or until > clock_timestamp() order by started_at",
    ),
  );
  return rows.map((row) => ({ name: row.name, startedAt: row.started_at, until: row.until }));
}

/** Stops what was to last until a moment that has passed. The estate asks again and again, because nobody else will. */
export async function stopExpired(adminUrl: string, { prefix = "" }: { prefix?: string } = {}): Promise<string[]> {
  const { rows } = await onBroker({ adminUrl, prefix }, (client) =>
    client.query<{ name: string }>("select name from fault where until <= clock_timestamp()"),
  );
  for (const { name } of rows) await stopFault(name, adminUrl, { prefix });
  return rows.map((row) => row.name);
}

function faultOf(name: string): Fault {
  const found = faults.find((each) => each.name === name);
  if (!found) throw new Error(`There is no fault "${name}". The faults are: ${faults.map((each) => each.name).join(", ")}.`);
  return found;
}

function onBroker<T>({ adminUrl, prefix }: Place, work: (client: pg.Client) => Promise<T>): Promise<T> {
  return asAdmin(databaseUrl(adminUrl, namesOf(prefix).broker), work);
}
