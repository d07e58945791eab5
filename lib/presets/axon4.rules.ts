import { grantsOn, type Preset, type Variant } from "./preset.rules";

/** Names as Spring Boot's JPA gives them, or those of the JDBC tables, which PostgreSQL folds to lower case. */
const variant = (name: string, table: string, of: (name: string) => string, time: string): Variant => ({
  name,
  needs: [
    {
      table,
      has: [
        "dead_letter_id",
        "processing_group",
        "sequence_identifier",
        "sequence_index",
        "event_identifier",
        "payload_type",
        "enqueued_at",
        "last_touched",
        "cause_type",
        "cause_message",
      ].map(of),
    },
  ],
  map: ({ schema }) => ({
    dead_letters: {
      from: `${schema}${table} t`,
      parked: "true",
      absent: "done",
      id: `t.${of("dead_letter_id")}`,
      message: `t.${of("event_identifier")}`,
      consumer: `t.${of("processing_group")}`,
      type: `regexp_replace(t.${of("payload_type")}, '.*[.$]', '')`,
      key: `t.${of("sequence_identifier")}`,
      // Of a sequence only the first was tried; the others wait behind it.
      error_type: `coalesce(t.${of("cause_type")}, 'WaitsBehindTheFirst')`,
      error: `coalesce(t.${of("cause_message")}, case when t.${of("cause_type")} is null then 'waits behind the first message of its sequence' end)`,
      occurred: `t.${time}::timestamptz`,
      // When it was last tried: a retry that fails in the same way changes nothing else.
      parked_at: `coalesce(t.${of("last_touched")}, t.${of("enqueued_at")})::timestamptz`,
    },
  }),
  grants: (at) => grantsOn(at, { read: [table] }),
});

const folded = (name: string): string => (name === "dead_letter_id" ? "deadletteridentifier" : name.replaceAll("_", ""));

export const axon4: Preset = {
  name: "axon4",
  title: "Axon Framework 4",
  schema: "public",
  variants: [
    variant("JPA", "dead_letter_entry", (name) => name, "time_stamp"),
    variant("JDBC", "deadletterentry", folded, "timestamp"),
  ],
  hazards: [
    "Only the first letter of a sequence failed; the others wait behind it to keep their order.",
    "A processing group holds 1,024 sequences of 1,024 letters unless set otherwise: once full, the event processor itself stops.",
  ],
  unseen: [
    "Axon records an error's type and message, and no stack; attempts only where a policy of the team's writes them.",
    "Axon records no state and no times of a saga: a stuck one cannot be told from one that waits.",
  ],
  application: "SequencedDeadLetterProcessor.process with a filter on the message's identifier, which retries its whole sequence",
  beat: null,
  derived: { dead_letters: ["parked_at"] },
};
