import { type At, grantsOn, type Preset, type Variant } from "./preset.rules";

/** The names of EF Core's model, or those of a snake_case convention. */
type Names = { outbox: string; inbox: string; of: (name: string) => string };
const pascal: Names = { outbox: '"OutboxMessage"', inbox: '"InboxState"', of: (name) => `"${name}"` };
const snakeOf = (name: string) => name.replace(/(?<!^)([A-Z])/g, "_$1").toLowerCase();
const snake: Names = { outbox: "outbox_message", inbox: "inbox_state", of: snakeOf };

const variant = (name: string, { outbox, inbox, of }: Names): Variant => {
  const plain = (quoted: string) => quoted.replaceAll('"', "");
  return {
    name,
    needs: [
      {
        table: plain(outbox),
        has: ["SequenceNumber", "SentTime", "MessageId", "MessageType", "Body", "CorrelationId", "EnqueueTime"].map((one) =>
          plain(of(one)),
        ),
      },
      {
        table: plain(inbox),
        has: ["MessageId", "ConsumerId", "Received", "ReceiveCount", "Consumed"].map((one) => plain(of(one))),
      },
    ],
    map: ({ schema }: At) => ({
      outbox: {
        from: `${schema}${outbox} t`,
        id: `t.${of("MessageId")}`,
        type: `regexp_replace(split_part(t.${of("MessageType")}, ';', 1), '.*:', '')`,
        payload: `t.${of("Body")}`,
        occurred: `t.${of("SentTime")}`,
        pending: `t.${of("EnqueueTime")} is null or t.${of("EnqueueTime")} <= now()`,
        absent: "done",
        correlation: `t.${of("CorrelationId")}`,
      },
      inbox: {
        from: `${schema}${inbox} t where t.${of("Consumed")} is not null`,
        consumer: `t.${of("ConsumerId")}`,
        id: `t.${of("MessageId")}`,
        processed: `t.${of("Consumed")}`,
      },
    }),
    grants: (at) => grantsOn(at, { read: [outbox, inbox] }),
  };
};

export const masstransitEf: Preset = {
  name: "masstransit-ef",
  title: "MassTransit's EF Core outbox",
  schema: "public",
  variants: [variant("names of EF Core", pascal), variant("snake_case names", snake)],
  hazards: [
    "One message that cannot be delivered keeps the whole bus outbox of its instance waiting: the oldest row is the one to look at.",
  ],
  unseen: [
    "MassTransit's outbox records no attempts and no errors, and never parks a message: it goes on for ever.",
    "MassTransit deletes what it has delivered, and keeps what was consumed for 30 minutes.",
    "MassTransit names a consumer by a hash: say it under consumers: as the table has it.",
    "A saga's table is the team's own: say it under sagas:, with id, type, state and what else it records.",
  ],
  beat: null,
};

export const masstransitSql: Preset = {
  name: "masstransit-sql-transport",
  title: "MassTransit's SQL transport",
  schema: "transport",
  variants: [
    {
      name: "v8",
      needs: [
        { table: "queue", has: ["id", "name", "type"] },
        { table: "message", has: ["transport_message_id", "message_type", "body", "message_id", "correlation_id", "sent_time"] },
        {
          table: "message_delivery",
          has: [
            "message_delivery_id",
            "transport_message_id",
            "queue_id",
            "lock_id",
            "consumer_id",
            "delivery_count",
            "last_delivered",
            "transport_headers",
            "enqueue_time",
          ],
        },
      ],
      map: ({ schema }) => {
        const from = `${schema}message_delivery t join ${schema}queue q on q.id = t.queue_id join ${schema}message m on m.transport_message_id = t.transport_message_id`;
        const type = "regexp_replace(split_part(m.message_type, ';', 1), '.*:', '')";
        // Stored through a time without a zone: right in sessions of UTC, which ours are.
        return {
          dead_letters: {
            from,
            parked: "q.type in (2, 3)",
            absent: "done",
            id: "t.message_delivery_id",
            message: "coalesce(m.message_id, m.transport_message_id)",
            consumer: "q.name",
            type,
            key: "t.partition_key",
            payload: "m.body",
            headers: "t.transport_headers",
            error_type: "coalesce(t.transport_headers->>'MT-Fault-ExceptionType', t.transport_headers->>'MT-Reason')",
            error: "t.transport_headers->>'MT-Fault-Message'",
            stack: "t.transport_headers->>'MT-Fault-StackTrace'",
            attempts: "t.delivery_count",
            occurred: "m.sent_time",
            parked_at: "t.last_delivered",
            expires: "t.expiration_time",
            correlation: "m.correlation_id",
            causation: "m.initiator_id",
            retry: `select ${schema}requeue_message(message_delivery_id => :id, target_queue_type => 1, delay => interval '0 seconds', redelivery_count => 10)`,
            outcome: { failed: "q.type in (2, 3)", taken: "t.lock_id is not null" },
          },
          outbox: {
            from,
            id: "coalesce(m.message_id, m.transport_message_id)",
            type,
            key: "t.partition_key",
            payload: "m.body",
            occurred: "m.sent_time",
            pending: "q.type = 1 and t.enqueue_time <= now()",
            absent: "done",
            attempts: "t.delivery_count",
          },
        };
      },
      grants: (at) => {
        const { observer } = grantsOn(at, { read: ["queue", "message", "message_delivery"] });
        return {
          observer,
          actor: [
            ...observer,
            `grant update on ${at.schema}message_delivery to ROLE`,
            `grant execute on function ${at.schema}requeue_message to ROLE`,
          ],
        };
      },
    },
  ],
  hazards: [
    "A message that was given up after crashes still carries the lock of a dead consumer, and requeue_message leaves it alone: the retry says so.",
    "A message with a partition key is delivered beside newer ones of its key.",
    "Fault headers stay after a requeue: only the queue tells what is parked.",
  ],
  unseen: [
    "The SQL transport deletes what was consumed: there is no throughput of single messages and no percentile.",
    "The SQL transport does not record when a message was parked; the last delivery stands for it.",
  ],
  beat: { words: "Consumers are notified and take it at once.", withinMs: 10_000 },
  derived: { dead_letters: ["parked_at"] },
};
