import type { LettersMap, SourceMap } from "./map.rules";
import { type At, grantsOn, type Preset, type Variant } from "./preset.rules";

const COLUMNS = [
  "id",
  "aggregate_type",
  "aggregate_id",
  "message_type",
  "payload",
  "locked_until",
  "created_at",
  "processed_at",
  "abandoned_at",
  "started_attempts",
  "finished_attempts",
];

const letters = ({ schema }: At, table: string): LettersMap => ({
  from: `${schema}${table} t`,
  parked: "t.abandoned_at is not null and t.processed_at is null",
  done: "t.processed_at is not null",
  absent: "deleted by retention",
  id: "t.id",
  consumer: `'${table}'`,
  type: "t.message_type",
  key: "t.aggregate_id",
  payload: "t.payload",
  headers: "t.metadata",
  attempts: "t.finished_attempts",
  occurred: "t.created_at",
  parked_at: "t.abandoned_at",
  expires: "t.abandoned_at + interval '14 days'",
  retry: `update ${schema}${table} set abandoned_at = null, started_attempts = 0, finished_attempts = 0, locked_until = to_timestamp(0) where id = :id and abandoned_at is not null and processed_at is null`,
  outcome: { applied: "t.processed_at is not null", failed: "t.abandoned_at is not null", taken: "t.locked_until > now()" },
});
const outbox = ({ schema }: At): SourceMap["outbox"] => ({
  from: `${schema}outbox t`,
  id: "t.id",
  type: "t.message_type",
  aggregate: "t.aggregate_type",
  key: "t.aggregate_id",
  payload: "t.payload",
  occurred: "t.created_at",
  published: "t.processed_at",
  absent: "deleted by retention",
  attempts: "t.started_attempts",
});
const inbox = ({ schema }: At): SourceMap["inbox"] => ({
  from: `${schema}inbox t where t.processed_at is not null`,
  consumer: "'inbox'",
  id: "t.id",
  type: "t.message_type",
  key: "t.aggregate_id",
  occurred: "t.created_at",
  processed: "t.processed_at",
});

const variant = (name: string, tables: readonly ("outbox" | "inbox")[], map: (at: At) => SourceMap): Variant => ({
  name,
  needs: tables.map((table) => ({ table, has: COLUMNS })),
  map,
  grants: (at) => {
    const parked = tables.includes("inbox") ? "inbox" : "outbox";
    return grantsOn(at, {
      read: tables,
      write: { [parked]: ["abandoned_at", "started_attempts", "finished_attempts", "locked_until"] },
    });
  },
});

export const pgTransactionalOutbox: Preset = {
  name: "pg-transactional-outbox",
  title: "pg-transactional-outbox",
  schema: "public",
  variants: [
    variant("outbox and inbox", ["outbox", "inbox"], (at) => ({
      dead_letters: letters(at, "inbox"),
      outbox: outbox(at),
      inbox: inbox(at),
    })),
    variant("inbox", ["inbox"], (at) => ({ dead_letters: letters(at, "inbox"), inbox: inbox(at) })),
    variant("outbox", ["outbox"], (at) => ({ dead_letters: letters(at, "outbox"), outbox: outbox(at) })),
  ],
  hazards: [
    "A retried message is the oldest of its segment: it is delivered first, and blocks newer ones if it fails again. Messages without a segment are one segment.",
    "In replication mode only inserts are read, and a retry has no effect.",
    "pg-transactional-outbox deletes abandoned messages 14 days after their creation, unless set otherwise.",
  ],
  unseen: ["pg-transactional-outbox keeps no error: why a message was abandoned stands in the service's log."],
  beat: { words: "The listener takes it at its next poll.", withinMs: 10_000 },
};
