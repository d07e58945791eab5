import type { SourceMap } from "./map.rules";
import { type At, grantsOn, type Preset, type Variant } from "./preset.rules";

const mapOf = ({ schema }: At, expires: boolean, timestamp: boolean): SourceMap => ({
  dead_letters: {
    from: `${schema}wolverine_dead_letters t`,
    parked: "t.replayable is not true",
    absent: "done",
    id: "t.id",
    consumer: "coalesce(t.received_at, 'unknown')",
    type: "t.message_type",
    error_type: "t.exception_type",
    error: "t.exception_message",
    occurred: "t.sent_at",
    ...(expires ? { expires: "t.expires" } : {}),
    retry: `update ${schema}wolverine_dead_letters set replayable = true where id = :id and replayable is not true and received_at is not null and octet_length(body) > 0 and not exists (select 1 from ${schema}wolverine_incoming_envelopes i where i.id = :id)`,
    discard: `delete from ${schema}wolverine_dead_letters where id = :id and replayable is not true`,
    // Replayed, it is an incoming envelope until it was handled.
    outcome: `select case when exists (select 1 from ${schema}wolverine_dead_letters where id = :id and replayable is not true) then 'failed'
      when exists (select 1 from ${schema}wolverine_incoming_envelopes where id = :id and status = 'Handled') then 'applied'
      when exists (select 1 from ${schema}wolverine_incoming_envelopes where id = :id) then 'taken' end`,
  },
  outbox: {
    from: `${schema}wolverine_outgoing_envelopes t`,
    id: "t.id",
    type: "t.message_type",
    aggregate: "t.destination",
    ...(timestamp ? { occurred: "t.timestamp" } : {}),
    pending: "true",
    absent: "done",
    attempts: "t.attempts",
  },
  inbox: {
    from: `${schema}wolverine_incoming_envelopes t where t.status = 'Handled'`,
    consumer: "coalesce(t.received_at, 'unknown')",
    id: "t.id",
    type: "t.message_type",
    processed: "t.keep_until - interval '5 minutes'",
  },
});

const DEAD = ["id", "body", "message_type", "received_at", "exception_type", "exception_message", "sent_at", "replayable"];
const variant = (name: string, expires: boolean, timestamp: boolean): Variant => ({
  name,
  needs: [
    { table: "wolverine_dead_letters", has: [...DEAD, ...(expires ? ["expires"] : [])], without: expires ? [] : ["expires"] },
    {
      table: "wolverine_outgoing_envelopes",
      has: ["id", "owner_id", "destination", "message_type", "attempts", ...(timestamp ? ["timestamp"] : [])],
    },
    { table: "wolverine_incoming_envelopes", has: ["id", "status", "owner_id", "message_type", "received_at", "keep_until"] },
  ],
  map: (at) => mapOf(at, expires, timestamp),
  grants: (at) => {
    const tables = ["wolverine_dead_letters", "wolverine_outgoing_envelopes", "wolverine_incoming_envelopes"];
    const { observer, actor } = grantsOn(at, { read: tables, write: { wolverine_dead_letters: ["replayable"] } });
    return { observer, actor: [...actor, `grant delete on ${at.schema}wolverine_dead_letters to ROLE`] };
  },
});

export const wolverine: Preset = {
  name: "wolverine",
  title: "Wolverine",
  schema: "wolverine",
  keyExample: "t.id",
  variants: [
    variant("with expiry and stale times", true, true),
    variant("with expiry", true, false),
    variant("with stale times", false, true),
    variant("plain", false, false),
  ],
  hazards: [
    "A message without a receiving address, with an empty body, or with its id among the incoming envelopes already cannot be replayed: Wolverine would stop at it for the whole store.",
    "The endpoint that received it must still have a listener.",
  ],
  unseen: [
    "Wolverine does not record when a message was parked.",
    "Wolverine records an error's type and message, and no stack.",
    "Wolverine deletes what it has sent, and keeps what was handled for five minutes.",
    "Wolverine keeps business keys inside its envelopes, where no SQL reads them: each message counts for itself.",
  ],
  beat: { words: "Wolverine's durability agent takes it within 5 s.", withinMs: 15_000 },
  derived: { inbox: ["processed"] },
};
