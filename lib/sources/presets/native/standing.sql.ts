import type pg from "pg";
import type { Remembered, Standing } from "../../remembering";
import { bySchema } from "./observe.sql";

// More wait behind one version only where nothing goes on any more.
const HELD_MAX = 100;
// What is held of so many tells of which types a consumer holds any.
const HOLDING_MAX = 10_000;

/** How messages stand with their consumers, by the keys that their own rows name: each a look-up along an index, whatever the inbox holds. The caller holds the transaction. */
export async function selectStandings(
  client: pg.ClientBase,
  schema: string,
  messages: readonly Remembered[],
): Promise<Standing[]> {
  const rows = async <T>(text: string, values: unknown[]): Promise<T[]> =>
    (await client.query({ text: bySchema(text, schema), values })).rows as T[];
  const letters = await rows<Letter>(
    `select d.state, d.business_key as key, i.message_id is not null as processed, h.message_id is not null as waits
       from unnest($1::bigint[], $2::text[], $3::uuid[]) with ordinality w(dead_letter_id, consumer, message_id, at)
       left join S.dead_letter d using (dead_letter_id, consumer, message_id) left join S.inbox i on i.consumer = w.consumer and i.message_id = w.message_id
       left join S.held_message h on h.consumer = w.consumer and h.message_id = w.message_id order by w.at`,
    [messages.map((one) => one.sourceDeadLetterId), messages.map((one) => one.consumer), messages.map((one) => one.messageId)],
  );
  const there = messages.flatMap((one, place) => (letters[place]!.key === null ? [] : [{ ...one, key: letters[place]!.key! }]));
  const typed = distinct(there.flatMap(({ consumer, key, eventTypes }) => eventTypes.map((type) => [consumer, key, type])));
  const applied = await rows<Version>(
    `select w.consumer, w.key, w.type, i.version::float8 as version from unnest($1::text[], $2::text[], $3::text[]) w(consumer, key, type)
       cross join lateral (select i.version from S.inbox i where i.consumer = w.consumer and i.event_type = w.type and i.business_key = w.key
         and i.version is not null and i.outcome <> 'stale' order by i.version desc limit 1) i`,
    columns(typed, 3),
  );
  const keys = columns(distinct(there.map(({ consumer, key }) => [consumer, key])), 2);
  const held = await rows<Version>(
    `select w.consumer, w.key, h.event_type as type, h.version::float8 as version from unnest($1::text[], $2::text[]) w(consumer, key)
       cross join lateral (select h.event_type, h.version from S.held_message h where h.consumer = w.consumer and h.business_key = w.key and h.version is not null order by h.version limit ${HELD_MAX}) h`,
    keys,
  );
  const inFlight = await rows<Version>(
    `select w.consumer, w.key, d.event_type as type, d.version::float8 as version from unnest($1::text[], $2::text[]) w(consumer, key)
       cross join lateral (select d.event_type, d.version from S.dead_letter d where d.business_key = w.key and d.consumer = w.consumer and d.state = 'redelivering' and d.version is not null limit ${HELD_MAX}) d`,
    keys,
  );
  const holding = await rows<{ consumer: string; type: string }>(
    `select distinct w.consumer, h.type from unnest($1::text[]) w(consumer)
       cross join lateral (select h.event_type as type from S.held_message h where h.consumer = w.consumer limit ${HOLDING_MAX}) h`,
    [[...new Set(messages.map(({ consumer }) => consumer))]],
  );
  return standingsOf(messages, {
    letters,
    applied,
    held,
    inFlight,
    holding: new Set(holding.map(({ consumer, type }) => `${consumer}\n${type}`)),
  });
}

type Letter = { state: string | null; key: string | null; processed: boolean; waits: boolean };
type Version = { consumer: string; key: string; type: string; version: number };
type Found = Record<"applied" | "held" | "inFlight", readonly Version[]> & {
  letters: readonly Letter[];
  holding: ReadonlySet<string>;
};

function standingsOf(messages: readonly Remembered[], { letters, applied, held, inFlight, holding }: Found): Standing[] {
  const done = byKey(applied);
  const waiting = byKey(held);
  const flying = byKey(inFlight);
  return messages.map(({ consumer, eventType, eventTypes }, place) => {
    const { state, key, processed, waits } = letters[place]!;
    const of = (found: Map<string, number[]>) => eventTypes.flatMap((type) => found.get(`${consumer}\n${key}\n${type}`) ?? []);
    const versions = of(done);
    return {
      ...{ state, processed, waits, held: of(waiting), inFlight: of(flying), holds: holding.has(`${consumer}\n${eventType}`) },
      applied: versions.length === 0 ? null : Math.max(...versions),
    };
  });
}

function byKey(found: readonly Version[]): Map<string, number[]> {
  const result = new Map<string, number[]>();
  for (const { consumer, key, type, version } of found) {
    const at = `${consumer}\n${key}\n${type}`;
    const known = result.get(at);
    if (known) known.push(version);
    else result.set(at, [version]);
  }
  return result;
}

const distinct = (all: readonly string[][]): string[][] => [...new Map(all.map((one) => [one.join("\n"), one])).values()];
const columns = (all: readonly string[][], n: number): string[][] =>
  Array.from({ length: n }, (_, i) => all.map((one) => one[i]!));
