import { grantsOn, type Preset } from "./preset.rules";

export const eventuateTram: Preset = {
  name: "eventuate-tram",
  title: "Eventuate Tram",
  schema: "eventuate",
  variants: [true, false].map((sagas) => ({
    name: sagas ? "with sagas" : "without sagas",
    needs: [
      { table: "message", has: ["id", "destination", "headers", "payload", "published", "creation_time"] },
      { table: "received_messages", has: ["consumer_id", "message_id", "creation_time"] },
      ...(sagas
        ? [
            {
              table: "saga_instance",
              has: ["saga_type", "saga_id", "state_name", "end_state", "compensating", "failed", "last_request_id"],
            },
          ]
        : []),
    ],
    map: ({ schema }: { schema: string }) => ({
      outbox: {
        from: `${schema}message t`,
        epoch: "ms" as const,
        id: "t.id",
        type: "coalesce(t.headers::jsonb ->> 'event-type', t.headers::jsonb ->> 'command_type', 'reply')",
        aggregate: "t.headers::jsonb ->> 'event-aggregate-type'",
        key: "coalesce(t.headers::jsonb ->> 'event-aggregate-id', t.headers::jsonb ->> 'command_saga_id')",
        payload: "t.payload",
        headers: "t.headers",
        occurred: "t.creation_time",
        // Only that it was published is marked, and not when.
        published: "case when t.published = 1 then t.creation_time end",
        pending: "t.published = 0",
        absent: "deleted by retention" as const,
      },
      inbox: {
        from: `${schema}received_messages t`,
        epoch: "ms" as const,
        consumer: "t.consumer_id",
        id: "t.message_id",
        processed: "t.creation_time",
      },
      ...(sagas
        ? {
            sagas: {
              from: `${schema}saga_instance t left join ${schema}message m on m.id = t.last_request_id`,
              epoch: "ms" as const,
              id: "t.saga_id",
              type: "regexp_replace(t.saga_type, '.*[.$]', '')",
              key: "t.saga_id",
              state:
                "case when t.end_state and t.failed then 'failed' when t.end_state and t.compensating then 'compensated' when t.end_state then 'completed' when t.compensating then 'compensating' else 'running' end",
              open: "not coalesce(t.end_state, false) or coalesce(t.failed, false)",
              step: "'step ' || (t.state_name::jsonb ->> 'currentlyExecuting')",
              started: "m.creation_time",
              updated: "m.creation_time",
            },
          }
        : {}),
    }),
    grants: (at: { schema: string; timeZone: string }) =>
      grantsOn(at, { read: ["message", "received_messages", ...(sagas ? ["saga_instance"] : [])] }),
  })),
  hazards: [
    "Where Eventuate reads the write-ahead log it never marks what was published: say propagation: cdc in the contracts, or everything seems to wait.",
    "A message that is published again is dropped by every consumer that has its id.",
  ],
  unseen: [
    "Eventuate records no errors and parks nothing.",
    "Eventuate marks that a message was published, and not when.",
    "Eventuate records no times of a saga: the last command's time stands for them, as long as its message is kept.",
  ],
  beat: null,
  derived: { outbox: ["published"], sagas: ["started", "updated"] },
};
