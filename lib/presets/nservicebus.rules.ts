import { grantsOn, type Preset } from "./preset.rules";

const header = (name: string) => `t.headers::jsonb ->> 'NServiceBus.${name}'`;
// The fraction of a second follows a colon, which no cast reads.
const time = (name: string) => `(left(${header(name)}, 19)::timestamp at time zone 'UTC')`;

export const nservicebus: Preset = {
  name: "nservicebus",
  title: "NServiceBus",
  schema: "public",
  keyExample: "t.headers::jsonb ->> 'NServiceBus.CorrelationId'",
  variants: [
    {
      name: "PostgreSQL transport",
      needs: [{ table: "error", has: ["id", "expires", "headers", "body", "seq"] }],
      map: ({ schema }) => ({
        dead_letters: {
          from: `${schema}error t`,
          parked: "true",
          id: "t.id",
          message: `coalesce(${header("MessageId")}, t.id::text)`,
          consumer: `coalesce(${header("FailedQ")}, 'unknown')`,
          type: `regexp_replace(split_part(split_part(coalesce(${header("EnclosedMessageTypes")}, 'unknown'), ';', 1), ',', 1), '.*[.+]', '')`,
          headers: "t.headers",
          payload: "t.body",
          error_type: header("ExceptionInfo.ExceptionType"),
          error: header("ExceptionInfo.Message"),
          stack: header("ExceptionInfo.StackTrace"),
          occurred: time("TimeSent"),
          parked_at: time("TimeOfFailure"),
          expires: "t.expires at time zone 'UTC'",
          correlation: header("CorrelationId"),
          causation: header("RelatedTo"),
        },
      }),
      grants: (at) => grantsOn(at, { read: ["error"] }),
    },
  ],
  hazards: [
    "ServiceControl, where it is installed, takes failed messages out of the error queue into a store of its own: then this table is empty, and they are retried in ServicePulse.",
    "Without it only a tool that moves the message to the queue it failed in can retry; Accord watches for the effect.",
  ],
  unseen: [
    "NServiceBus records no attempts in the error queue.",
    "The outbox of NServiceBus records no time of writing, and no queue of its transport records what was handled.",
    "NServiceBus records no business key of its own: say key: under dead_letters.",
  ],
  beat: null,
};
