import { runMigrations } from "graphile-worker";
import pg from "pg";
import PgBoss from "pg-boss";
import { DatabaseSetup } from "pg-transactional-outbox";

/** What of a letter is compared: its id, its state, and what the framework records of it. */
export type Letter = { id: string; consumer: string; type: string; error?: string; state?: string; attempts?: number };
export type Fixture = {
  preset: string;
  variant: string;
  /** The framework's own tables: made by its package where it is one, else as its sources have them. */
  make: (url: string) => Promise<void>;
  /** A row for each meaning, legacy forms and nulls among them. */
  rows: string;
  letters: Letter[];
  /** How many events wait, by the framework's own predicate; null where no table tells. */
  waitingSql: string | null;
  handledSql?: string;
  sagas?: Record<string, string>;
  /** A letter that is retried, and a statement that tells whether its row was asked for. */
  retry?: { id: string; asked: string };
  /** Letters that the framework's own statement leaves alone. */
  refused?: string[];
};

const sql = (text: string) => async (url: string) => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(text);
  await client.end();
};
const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

const wolverineTables = (more: { dead?: string; outgoing?: string }) => `create schema wolverine;
  create table wolverine.wolverine_outgoing_envelopes (id uuid primary key, owner_id integer not null, destination varchar not null, deliver_by timestamptz, body bytea not null, attempts integer default 0, message_type varchar not null${more.outgoing ?? ""});
  create table wolverine.wolverine_incoming_envelopes (id uuid primary key, status varchar not null, owner_id integer not null, execution_time timestamptz, attempts integer default 0, body bytea not null, message_type varchar not null, received_at varchar, keep_until timestamptz);
  create table wolverine.wolverine_dead_letters (id uuid primary key, execution_time timestamptz, body bytea not null, message_type varchar not null, received_at varchar, source varchar, exception_type varchar, exception_message varchar, sent_at timestamptz, replayable boolean${more.dead ?? ""});`;
const wolverineRows = `insert into wolverine.wolverine_outgoing_envelopes (id, owner_id, destination, body, message_type) values ('${uuid(1)}', 0, 'rabbitmq://queue/orders', 'x', 'Placed'), ('${uuid(2)}', 7, 'rabbitmq://queue/orders', 'x', 'Placed');
  insert into wolverine.wolverine_incoming_envelopes (id, status, owner_id, body, message_type, received_at, keep_until) values ('${uuid(3)}', 'Handled', 0, '', 'Placed', 'rabbitmq://queue/orders', now() + interval '5 minutes'), ('${uuid(4)}', 'Incoming', 0, 'x', 'Placed', 'rabbitmq://queue/orders', null), ('${uuid(14)}', 'Handled', 0, '', 'Placed', 'x', now());
  insert into wolverine.wolverine_dead_letters (id, body, message_type, received_at, exception_type, exception_message, sent_at, replayable) values
    ('${uuid(11)}', 'x', 'Placed', 'rabbitmq://queue/orders', 'System.TimeoutException', 'no answer', now() - interval '1 hour', false),
    ('${uuid(12)}', 'x', 'Placed', null, null, null, null, null), ('${uuid(13)}', '', 'unknown', 'rabbitmq://queue/orders', 'System.Exception', 'unreadable', now(), false),
    ('${uuid(14)}', 'x', 'Placed', 'rabbitmq://queue/orders', 'System.Exception', 'twice', now(), false), ('${uuid(15)}', 'x', 'Placed', 'rabbitmq://queue/orders', 'System.Exception', 'asked', now(), true);`;
const wolverineFixture = (variant: string, more: { dead?: string; outgoing?: string }): Fixture => ({
  ...{ preset: "wolverine", variant, make: sql(wolverineTables(more)), rows: wolverineRows },
  letters: [
    { id: uuid(11), consumer: "rabbitmq://queue/orders", type: "Placed", error: "System.TimeoutException: no answer" },
    { id: uuid(12), consumer: "unknown", type: "Placed", error: ": " },
    { id: uuid(13), consumer: "rabbitmq://queue/orders", type: "unknown" },
    { id: uuid(14), consumer: "rabbitmq://queue/orders", type: "Placed" },
  ],
  waitingSql: "select count(*)::int as n from wolverine.wolverine_outgoing_envelopes",
  retry: { id: uuid(11), asked: `select replayable as yes from wolverine.wolverine_dead_letters where id = '${uuid(11)}'` },
  refused: [uuid(12), uuid(13), uuid(14)],
});

const modulithColumns =
  "id uuid primary key, listener_id text not null, event_type text not null, serialized_event text not null, publication_date timestamptz not null, completion_date timestamptz";
const modulithV2 = ", status text, completion_attempts int, last_resubmission_date timestamptz";
const modulithFixture = (variant: string, v2: boolean, archive: boolean): Fixture => ({
  ...{ preset: "spring-modulith", variant },
  make: sql(
    `create table event_publication (${modulithColumns}${v2 ? modulithV2 : ""});${archive ? `create table event_publication_archive (${modulithColumns}${v2 ? modulithV2 : ""});` : ""}`,
  ),
  rows: `insert into event_publication (id, listener_id, event_type, serialized_event, publication_date, completion_date${v2 ? ", status, completion_attempts" : ""}) values
    ('${uuid(1)}', 'Stock.on', 'org.shop.Order$Placed', '{"order": "A"}', now() - interval '2 hours', null${v2 ? ", 'FAILED', 3" : ""}),
    ('${uuid(2)}', 'Stock.on', 'org.shop.Placed', 'no json', now() - interval '2 hours', null${v2 ? ", null, null" : ""}),
    ('${uuid(3)}', 'Stock.on', 'org.shop.Placed', '{}', now(), now()${v2 ? ", 'COMPLETED', 1" : ""}),
    ('${uuid(4)}', 'Stock.on', 'org.shop.Placed', '{}', now(), null${v2 ? ", 'PUBLISHED', 1" : ""})${v2 ? `, ('${uuid(5)}', 'Stock.on', 'org.shop.Placed', '{}', now(), null, 'RESUBMITTED', 2)` : ""};`,
  letters: [
    { id: uuid(1), consumer: "Stock.on", type: "Placed", error: ": ", attempts: v2 ? 3 : 0 },
    { id: uuid(2), consumer: "Stock.on", type: "Placed" },
  ],
  waitingSql: v2
    ? "select count(*)::int as n from event_publication where status in ('PUBLISHED', 'PROCESSING', 'RESUBMITTED')"
    : "select count(*)::int as n from event_publication where completion_date is null and publication_date > now() - interval '1 hour'",
});

const massTransit = (snake: boolean): Fixture => {
  const q = (name: string) => (snake ? name.replace(/(?<!^)([A-Z])/g, "_$1").toLowerCase() : `"${name}"`);
  return {
    ...{ preset: "masstransit-ef", variant: snake ? "snake_case names" : "names of EF Core" },
    make: sql(`create table ${q("InboxState")} (${q("Id")} bigint generated by default as identity primary key, ${q("MessageId")} uuid not null, ${q("ConsumerId")} uuid not null, ${q("LockId")} uuid not null, ${q("Received")} timestamptz not null, ${q("ReceiveCount")} integer not null, ${q("Consumed")} timestamptz, ${q("Delivered")} timestamptz);
      create table ${q("OutboxMessage")} (${q("SequenceNumber")} bigint generated by default as identity primary key, ${q("EnqueueTime")} timestamptz, ${q("SentTime")} timestamptz not null, ${q("Headers")} text, ${q("MessageId")} uuid not null, ${q("MessageType")} text not null, ${q("Body")} text not null, ${q("CorrelationId")} uuid);`),
    rows: `insert into ${q("OutboxMessage")} (${q("EnqueueTime")}, ${q("SentTime")}, ${q("MessageId")}, ${q("MessageType")}, ${q("Body")}) values (null, now(), '${uuid(1)}', 'urn:message:Shop:Placed;urn:message:Shop:Event', '{}'), (now() + interval '1 day', now(), '${uuid(2)}', 'urn:message:Shop:Later', '{}');
      insert into ${q("InboxState")} (${q("MessageId")}, ${q("ConsumerId")}, ${q("LockId")}, ${q("Received")}, ${q("ReceiveCount")}, ${q("Consumed")}) values ('${uuid(3)}', '${uuid(9)}', '${uuid(0)}', now(), 1, now()), ('${uuid(4)}', '${uuid(9)}', '${uuid(0)}', now(), 4, null);`,
    letters: [],
    waitingSql: `select count(*)::int as n from ${q("OutboxMessage")} where ${q("EnqueueTime")} is null or ${q("EnqueueTime")} <= now()`,
  };
};

const capTables = `create schema cap;
  create table cap.published ("Id" bigint primary key, "Version" varchar(20) not null, "Name" varchar(200) not null, "Content" text, "Retries" integer not null, "Added" timestamp not null, "ExpiresAt" timestamp, "StatusName" varchar(50) not null);
  create table cap.received ("Id" bigint primary key, "Version" varchar(20) not null, "Name" varchar(200) not null, "Group" varchar(200), "Content" text, "Retries" integer not null, "Added" timestamp not null, "ExpiresAt" timestamp, "StatusName" varchar(50) not null);`;
const capContent = `'{"Headers": {"cap-msg-id": "m-1", "cap-corr-id": "c", "cap-exception": "SubscriberExecutionFailedException-->no stock"}, "Value": {"orderId": "A"}}'`;

const axonColumns = (of: (name: string) => string, time: string, enqueued: string) =>
  `${of("dead_letter_id")} varchar(255) primary key, ${of("processing_group")} varchar(255) not null, ${of("sequence_identifier")} varchar(255) not null, ${of("sequence_index")} bigint not null, ${of("event_identifier")} varchar(255) not null, ${time} varchar(255) not null, ${of("payload_type")} varchar(255) not null, payload bytea not null, ${of("enqueued_at")} ${enqueued} not null, ${of("last_touched")} ${enqueued}, ${of("cause_type")} varchar(255), ${of("cause_message")} varchar(1023)`;
const axonFixture = (jdbc: boolean): Fixture => {
  const of = (name: string) => (jdbc ? (name === "dead_letter_id" ? "deadletteridentifier" : name.replaceAll("_", "")) : name);
  const table = jdbc ? "deadletterentry" : "dead_letter_entry";
  const time = jdbc ? "timestamp" : "time_stamp";
  return {
    ...{ preset: "axon4", variant: jdbc ? "JDBC" : "JPA" },
    make: sql(`create table ${table} (${axonColumns(of, time, jdbc ? "varchar(255)" : "timestamptz")})`),
    rows: `insert into ${table} values ('d1', 'stock', 'order-1', 0, 'e1', '2026-01-05T10:00:00.123456789Z', 'org.shop.Placed', 'x', '2026-01-05T10:00:02Z', null, 'java.lang.IllegalStateException', 'no stock'), ('d2', 'stock', 'order-1', 1, 'e2', '2026-01-05T10:00:01Z', 'org.shop.Paid', 'x', '2026-01-05T10:00:03Z', '2026-01-05T10:00:03Z', null, null);`,
    letters: [
      { id: "d1", consumer: "stock", type: "Placed", error: "java.lang.IllegalStateException: no stock" },
      { id: "d2", consumer: "stock", type: "Paid", error: "WaitsBehindTheFirst: waits behind the first message of its sequence" },
    ],
    waitingSql: null,
  };
};

const eventuateFixture = (sagas: boolean): Fixture => ({
  ...{ preset: "eventuate-tram", variant: sagas ? "with sagas" : "without sagas" },
  make: sql(`create schema eventuate; create table eventuate.message (id varchar(1000) primary key, destination text not null, headers text not null, payload text not null, published smallint default 0, message_partition smallint, creation_time bigint);
    create table eventuate.received_messages (consumer_id varchar(1000), message_id varchar(1000), creation_time bigint, published smallint default 0, primary key (consumer_id, message_id));
    ${sagas ? "create table eventuate.saga_instance (saga_type varchar(255) not null, saga_id varchar(100) not null, state_name varchar(100) not null, last_request_id varchar(100), end_state boolean, compensating boolean, failed boolean, saga_data_type varchar(1000) not null, saga_data_json varchar(1000) not null, primary key (saga_type, saga_id));" : ""}`),
  rows: `insert into eventuate.message (id, destination, headers, payload, published, creation_time) values ('m1', 'order', '{"event-type": "Placed", "event-aggregate-id": "A"}', '{}', 0, extract(epoch from now()) * 1000), ('m2', 'order', '{"command_type": "Reserve"}', '{}', 1, extract(epoch from now()) * 1000);
    insert into eventuate.received_messages (consumer_id, message_id, creation_time) values ('stock', 'm2', extract(epoch from now()) * 1000);
    ${sagas ? `insert into eventuate.saga_instance values ('org.shop.OrderSaga', 's1', '{"currentlyExecuting": 1}', 'm2', false, false, false, 'x', '{}'), ('org.shop.OrderSaga', 's2', '{"currentlyExecuting": 0}', null, false, true, false, 'x', '{}'), ('org.shop.OrderSaga', 's3', '{}', null, true, false, false, 'x', '{}'), ('org.shop.OrderSaga', 's4', '{}', null, true, false, true, 'x', '{}'), ('org.shop.OrderSaga', 's5', '{}', null, null, null, null, 'x', '{}');` : ""}`,
  letters: [],
  waitingSql: "select count(*)::int as n from eventuate.message where published = 0",
  ...(sagas ? { sagas: { s1: "running", s2: "compensating", s4: "failed", s5: "running" } } : {}),
});

const pto = (variant: string, tables: ("outbox" | "inbox")[]): Fixture => {
  const parked = tables.includes("inbox") ? "inbox" : "outbox";
  return {
    ...{ preset: "pg-transactional-outbox", variant },
    make: sql(
      tables
        .map((table) =>
          DatabaseSetup.dropAndCreateTable({ outboxOrInbox: table, database: "", schema: "public", table, listenerRole: "" }),
        )
        .join("\n"),
    ),
    rows: tables
      .map(
        (
          table,
          t,
        ) => `insert into public.${table} (id, aggregate_type, aggregate_id, message_type, payload, locked_until, processed_at, abandoned_at, started_attempts, finished_attempts) values
        ('${uuid(10 * t + 1)}', 'order', 'A', 'Placed', '{}', to_timestamp(0), null, null, 0, 0), ('${uuid(10 * t + 2)}', 'order', 'B', 'Placed', '{}', now() + interval '5 s', null, null, 1, 0),
        ('${uuid(10 * t + 3)}', 'order', 'C', 'Placed', '{}', to_timestamp(0), now(), null, 1, 1), ('${uuid(10 * t + 4)}', 'order', 'D', 'Placed', '{}', to_timestamp(0), null, now(), 5, 5);`,
      )
      .join("\n"),
    letters: [{ id: uuid(10 * tables.indexOf(parked) + 4), consumer: parked, type: "Placed", error: ": ", attempts: 5 }],
    waitingSql: tables.includes("outbox") ? "select count(*)::int as n from public.outbox where processed_at is null" : null,
    retry: {
      id: uuid(10 * tables.indexOf(parked) + 4),
      asked: `select abandoned_at is null and finished_attempts = 0 as yes from public.${parked} where aggregate_id = 'D'`,
    },
  };
};

const jobs = (table: string) => `select count(*)::int as n from ${table}`;

export const fixtures: Fixture[] = [
  modulithFixture("v2 with archive", true, true),
  modulithFixture("v2", true, false),
  modulithFixture("v1 with archive", false, true),
  modulithFixture("v1", false, false),
  massTransit(false),
  massTransit(true),
  {
    ...{ preset: "masstransit-sql-transport", variant: "v8" },
    make: sql(`create schema transport; create table transport.queue (id bigserial primary key, updated timestamptz, name text not null, type integer not null, auto_delete integer);
      create table transport.message (transport_message_id uuid primary key, message_type text, body jsonb, message_id uuid, correlation_id uuid, initiator_id uuid, sent_time timestamptz not null default now(), headers jsonb);
      create table transport.message_delivery (message_delivery_id bigserial primary key, transport_message_id uuid not null references transport.message, queue_id bigint not null, priority smallint not null default 100, enqueue_time timestamptz not null default now(), expiration_time timestamptz, partition_key text, consumer_id uuid, lock_id uuid, delivery_count integer not null default 0, max_delivery_count integer not null default 10, last_delivered timestamptz, transport_headers jsonb);
      create function transport.requeue_message(message_delivery_id bigint, target_queue_type integer, delay interval default '0 seconds', redelivery_count integer default 10) returns integer language plpgsql as $$ declare n integer; begin
        update transport.message_delivery d set queue_id = g.id, enqueue_time = now() + delay, max_delivery_count = d.delivery_count + redelivery_count from transport.queue q, transport.queue g
          where d.message_delivery_id = requeue_message.message_delivery_id and q.id = d.queue_id and g.name = q.name and g.type = target_queue_type and d.lock_id is null and d.consumer_id is null;
        get diagnostics n = row_count; return n; end $$;`),
    rows: `insert into transport.queue (id, name, type) values (1, 'stock', 1), (2, 'stock', 2), (3, 'stock', 3);
      insert into transport.message (transport_message_id, message_type, body, message_id) select ('00000000-0000-4000-8000-00000000000' || i)::uuid, 'urn:message:Shop:Placed', '{}', ('00000000-0000-4000-8000-00000000010' || i)::uuid from generate_series(1, 4) i;
      insert into transport.message_delivery (message_delivery_id, transport_message_id, queue_id, partition_key, delivery_count, last_delivered, lock_id, transport_headers) values
        (1, '${uuid(1)}', 1, 'A', 0, null, null, null), (2, '${uuid(2)}', 2, 'B', 4, now(), null, '{"MT-Fault-ExceptionType": "System.Exception", "MT-Fault-Message": "no stock", "MT-Fault-StackTrace": "at Stock"}'),
        (3, '${uuid(3)}', 3, 'C', 10, now(), '${uuid(7)}', '{"MT-Reason": "dead-letter"}'), (4, '${uuid(4)}', 1, 'D', 1, now(), null, '{"MT-Fault-Message": "of an attempt before"}');`,
    letters: [
      { id: "2", consumer: "stock", type: "Placed", error: "System.Exception: no stock", attempts: 4 },
      { id: "3", consumer: "stock", type: "Placed", error: "dead-letter: ", attempts: 10 },
    ],
    waitingSql:
      "select count(*)::int as n from transport.message_delivery d join transport.queue q on q.id = d.queue_id where q.type = 1",
    retry: { id: "2", asked: "select queue_id = 1 as yes from transport.message_delivery where message_delivery_id = 2" },
    refused: ["3"],
  },
  wolverineFixture("plain", {}),
  wolverineFixture("with expiry", { dead: ", expires timestamptz" }),
  wolverineFixture("with stale times", { outgoing: ", timestamp timestamptz default (now() at time zone 'utc')" }),
  wolverineFixture("with expiry and stale times", {
    dead: ", expires timestamptz",
    outgoing: ", timestamp timestamptz default (now() at time zone 'utc')",
  }),
  {
    ...{ preset: "cap", variant: "v5 and later", make: sql(capTables) },
    rows: `insert into cap.published values (9007199254740993, 'v1', 'Placed', ${capContent}, 0, now() at time zone 'UTC', null, 'Scheduled'), (2, 'v1', 'Placed', null, 3, now() at time zone 'UTC', now() at time zone 'UTC', 'Failed'), (3, 'v1', 'Placed', ${capContent.replace("m-1", "m-3")}, 0, now() at time zone 'UTC', now() at time zone 'UTC' + interval '24 hours', 'Succeeded'), (4, 'v1', 'Placed', '{}', 0, now() at time zone 'UTC', now() at time zone 'UTC' + interval '24 hours', 'Delayed');
      insert into cap.received values (9007199254740993, 'v1', 'Placed', 'stock', ${capContent}, 50, now() at time zone 'UTC', now() at time zone 'UTC' + interval '15 days', 'Failed'), (12, 'v1', 'Placed', null, 'not json', 50, now() at time zone 'UTC', now() at time zone 'UTC', 'Failed'),
        (13, 'v1', 'Placed', 'stock', ${capContent}, 7, now() at time zone 'UTC', now() at time zone 'UTC', 'Failed'), (14, 'v1', 'Placed', 'stock', ${capContent}, 0, now() at time zone 'UTC', now() at time zone 'UTC' + interval '24 hours', 'Succeeded');`,
    letters: [
      { id: "12", consumer: "unknown", type: "Placed", error: ": ", attempts: 50 },
      {
        id: "9007199254740993",
        consumer: "stock",
        type: "Placed",
        error: "SubscriberExecutionFailedException: no stock",
        attempts: 50,
      },
    ],
    waitingSql: `select count(*)::int as n from cap.published where "StatusName" in ('Scheduled', 'Failed')`,
    retry: {
      id: "9007199254740993",
      asked: `select "Retries" = 0 and "StatusName" = 'Failed' and "ExpiresAt" is not null as yes from cap.received where "Id" = 9007199254740993`,
    },
  },
  {
    ...{
      preset: "nservicebus",
      variant: "PostgreSQL transport",
      make: sql(
        `create table error (id uuid primary key, expires timestamp, headers text not null, body bytea, seq serial unique)`,
      ),
    },
    rows: `insert into error (id, headers, body) values ('${uuid(1)}', '{"NServiceBus.MessageId": "m1", "NServiceBus.FailedQ": "sales", "NServiceBus.EnclosedMessageTypes": "Shop.Placed, Shop, Version=1.0.0.0;Shop.IEvent, Shop", "NServiceBus.ExceptionInfo.ExceptionType": "System.Exception", "NServiceBus.ExceptionInfo.Message": "no stock", "NServiceBus.TimeOfFailure": "2026-01-05 10:00:00:123456 Z", "NServiceBus.TimeSent": "2026-01-05 09:59:00:123456 Z"}', '\\x00ff'), ('${uuid(2)}', '{}', null);`,
    letters: [
      { id: uuid(1), consumer: "sales", type: "Placed", error: "System.Exception: no stock" },
      { id: uuid(2), consumer: "unknown", type: "unknown", error: ": " },
    ],
    waitingSql: null,
  },
  axonFixture(false),
  axonFixture(true),
  eventuateFixture(true),
  eventuateFixture(false),
  ...(["Quarkus", "outbox with timestamp", "outbox"] as const).map(
    (variant): Fixture => ({
      ...{ preset: "debezium", variant, letters: [], waitingSql: null },
      make: sql(
        `create table ${variant === "Quarkus" ? "outboxevent" : "outbox"} (id uuid primary key, aggregatetype varchar(255) not null, aggregateid varchar(255) not null, type varchar(255) not null, payload jsonb${variant === "outbox" ? "" : ", timestamp timestamp not null default now()"})`,
      ),
      rows: `insert into ${variant === "Quarkus" ? "outboxevent" : "outbox"} (id, aggregatetype, aggregateid, type, payload) values ('${uuid(1)}', 'order', 'A', 'Placed', '{}')`,
    }),
  ),
  {
    ...{ preset: "pg-boss", variant: "v10" },
    make: async (url) => {
      await sql(PgBoss.getConstructionPlans("pgboss"))(url);
      await sql(
        `select pgboss.create_queue('dead', '{"policy": "standard"}'); select pgboss.create_queue('reserve', '{"policy": "standard", "deadLetter": "dead"}')`,
      )(url);
    },
    rows: `insert into pgboss.job (id, name, data, state, retry_count, retry_limit, completed_on, output, dead_letter, start_after) values
      ('${uuid(1)}', 'reserve', '{"orderId": "A"}', 'failed', 2, 2, now(), '{"name": "TypeError", "message": "no stock", "stack": "at reserve"}', 'dead', now()), ('${uuid(2)}', 'dead', '{"orderId": "A"}', 'created', 0, 2, null, null, null, now()),
      ('${uuid(3)}', 'reserve', null, 'failed', 0, 0, now(), '{"value": "timed out"}', 'dead', now()), ('${uuid(4)}', 'reserve', '{}', 'created', 0, 2, null, null, null, now()), ('${uuid(5)}', 'reserve', '{}', 'retry', 1, 2, null, null, null, now() + interval '1 hour'),
      ('${uuid(6)}', 'reserve', '{}', 'active', 0, 2, null, null, null, now()), ('${uuid(7)}', 'reserve', '{}', 'completed', 0, 2, now(), null, null, now()), ('${uuid(8)}', 'reserve', '{}', 'cancelled', 0, 2, now(), null, null, now());`,
    letters: [
      { id: `reserve/${uuid(1)}`, consumer: "reserve", type: "reserve", error: "TypeError: no stock", attempts: 3 },
      { id: `reserve/${uuid(3)}`, consumer: "reserve", type: "reserve", error: ": timed out", attempts: 1 },
    ],
    waitingSql: "select count(*)::int as n from pgboss.job where state < 'completed' and start_after <= now() and name <> 'dead'",
    retry: { id: `reserve/${uuid(1)}`, asked: `select state = 'retry' as yes from pgboss.job where id = '${uuid(1)}'` },
  },
  {
    ...{ preset: "pg-boss", variant: "with source_id (v11 and later)" },
    // No release of the package that makes them runs on this Node: as its sources have them.
    make: sql(`create schema pgboss; create type pgboss.job_state as enum ('created', 'retry', 'active', 'completed', 'cancelled', 'failed');
      create table pgboss.job (id uuid not null default gen_random_uuid(), name text not null, data jsonb, state pgboss.job_state not null default 'created', retry_limit integer not null default 2, retry_count integer not null default 0, start_after timestamptz not null default now(),
        created_on timestamptz not null default now(), completed_on timestamptz, output jsonb, dead_letter text, source_name text, source_id uuid, primary key (name, id)) partition by list (name);
      create table pgboss.job_common partition of pgboss.job default`),
    rows: `insert into pgboss.job (id, name, state, retry_count, retry_limit, completed_on, output, dead_letter, source_name, source_id) values
      ('${uuid(1)}', 'reserve', 'failed', 2, 2, now(), '{"name": "TypeError", "message": "no stock"}', 'dead', null, null), ('${uuid(2)}', 'dead', 'created', 0, 2, null, '{"name": "TypeError", "message": "no stock"}', null, 'reserve', '${uuid(1)}'), ('${uuid(4)}', 'reserve', 'created', 0, 2, null, null, null, null, null), ('${uuid(7)}', 'reserve', 'completed', 0, 2, now(), null, null, null, null);`,
    letters: [{ id: `reserve/${uuid(1)}`, consumer: "reserve", type: "reserve", error: "TypeError: no stock", attempts: 3 }],
    waitingSql: "select count(*)::int as n from pgboss.job where state < 'completed' and source_id is null",
    retry: { id: `reserve/${uuid(1)}`, asked: `select state = 'retry' as yes from pgboss.job where id = '${uuid(1)}'` },
  },
  {
    ...{ preset: "graphile-worker", variant: "0.14 and later" },
    make: (url) => runMigrations({ connectionString: url }),
    rows: `select graphile_worker.add_job('reserve', json_build_object('orderId', 'A'), max_attempts => 3); select graphile_worker.add_job('reserve', '{}'); select graphile_worker.add_job('reserve', '{}', run_at => now() + interval '1 day'); select graphile_worker.add_job('reserve', '{}');
      update graphile_worker._private_jobs set attempts = 3, last_error = 'no stock' where id = 1; update graphile_worker._private_jobs set attempts = 1, locked_at = now(), locked_by = 'w' where id = 4;`,
    letters: [{ id: "1", consumer: "reserve", type: "reserve", error: ": no stock", attempts: 3 }],
    waitingSql: "select count(*)::int as n from graphile_worker.jobs where attempts < max_attempts and run_at <= now()",
    retry: { id: "1", asked: "select attempts = 0 as yes from graphile_worker.jobs where id = 1" },
  },
  pto("outbox and inbox", ["outbox", "inbox"]),
  pto("inbox", ["inbox"]),
  pto("outbox", ["outbox"]),
  {
    ...{ preset: "river", variant: "migration 5 and later" },
    make: sql(`create type river_job_state as enum ('available', 'cancelled', 'completed', 'discarded', 'pending', 'retryable', 'running', 'scheduled');
      create table river_job (id bigserial primary key, state river_job_state not null default 'available', attempt smallint not null default 0, max_attempts smallint not null default 25, attempted_at timestamptz, created_at timestamptz not null default now(), finalized_at timestamptz, scheduled_at timestamptz not null default now(), args jsonb not null, errors jsonb[], kind text not null, queue text not null default 'default',
        constraint finalized check (finalized_at is null = (state not in ('cancelled', 'completed', 'discarded'))))`),
    rows: `insert into river_job (id, state, attempt, max_attempts, finalized_at, scheduled_at, args, errors, kind) values (1, 'discarded', 25, 25, now(), now(), '{"orderId": "A"}', array['{"error": "before"}', '{"error": "no stock", "trace": "at reserve"}']::jsonb[], 'reserve'), (2, 'discarded', 3, 25, now(), now(), '{}', null, 'reserve'),
      (3, 'available', 0, 25, null, now(), '{}', null, 'reserve'), (4, 'retryable', 2, 25, null, now() + interval '1 hour', '{}', null, 'reserve'), (5, 'running', 1, 25, null, now(), '{}', null, 'reserve'), (6, 'completed', 1, 25, now(), now(), '{}', null, 'reserve'), (7, 'cancelled', 1, 25, now(), now(), '{}', null, 'reserve')`,
    letters: [
      { id: "1", consumer: "default", type: "reserve", error: ": no stock", attempts: 25 },
      { id: "2", consumer: "default", type: "reserve", error: ": ", attempts: 3 },
    ],
    waitingSql: `${jobs("river_job")} where finalized_at is null and scheduled_at <= now()`,
    retry: { id: "1", asked: "select state = 'available' and max_attempts = 26 as yes from river_job where id = 1" },
  },
  {
    ...{ preset: "oban", variant: "v9 and later" },
    make: sql(`create type oban_job_state as enum ('available', 'suspended', 'scheduled', 'executing', 'retryable', 'completed', 'discarded', 'cancelled');
      create table oban_jobs (id bigserial primary key, state oban_job_state not null default 'available', queue text not null default 'default', worker text not null, args jsonb not null default '{}', errors jsonb[] not null default '{}', attempt integer not null default 0, max_attempts integer not null default 20,
        inserted_at timestamp not null default timezone('UTC', now()), scheduled_at timestamp not null default timezone('UTC', now()), completed_at timestamp, discarded_at timestamp, cancelled_at timestamp)`),
    rows: `insert into oban_jobs (id, state, worker, errors, attempt, discarded_at, completed_at) values (1, 'discarded', 'Shop.Reserve', array['{"attempt": 20, "error": "** (RuntimeError) no stock\\n    at reserve"}']::jsonb[], 20, timezone('UTC', now()), null), (2, 'discarded', 'Shop.Reserve', '{}', 1, timezone('UTC', now()), null),
      (3, 'available', 'Shop.Reserve', '{}', 0, null, null), (4, 'executing', 'Shop.Reserve', '{}', 1, null, null), (5, 'completed', 'Shop.Reserve', '{}', 1, null, timezone('UTC', now()))`,
    letters: [
      { id: "1", consumer: "default", type: "Shop.Reserve", error: ": ** (RuntimeError) no stock", attempts: 20 },
      { id: "2", consumer: "default", type: "Shop.Reserve", error: ": ", attempts: 1 },
    ],
    waitingSql: `${jobs("oban_jobs")} where state in ('available', 'executing')`,
    retry: {
      id: "1",
      asked: "select state = 'available' and max_attempts = 21 and discarded_at is null as yes from oban_jobs where id = 1",
    },
  },
  {
    ...{ preset: "solid-queue", variant: "v1" },
    make: sql(`create table solid_queue_jobs (id bigserial primary key, queue_name varchar not null, class_name varchar not null, arguments text, priority integer not null default 0, active_job_id varchar, scheduled_at timestamp, finished_at timestamp, created_at timestamp not null default timezone('UTC', now()));
      create table solid_queue_failed_executions (id bigserial primary key, job_id bigint not null unique, error text, created_at timestamp not null default timezone('UTC', now()));
      create table solid_queue_ready_executions (id bigserial primary key, job_id bigint not null unique, queue_name varchar not null, priority integer not null default 0, created_at timestamp not null default timezone('UTC', now()))`),
    rows: `insert into solid_queue_jobs (id, queue_name, class_name, arguments, finished_at) values (1, 'default', 'ReserveJob', '{"job_class": "ReserveJob", "executions": 3, "arguments": ["A"]}', null), (2, 'default', 'ReserveJob', '{"executions": 0}', null), (3, 'default', 'ReserveJob', '{}', timezone('UTC', now()));
      insert into solid_queue_failed_executions (job_id, error) values (1, '{"exception_class": "RuntimeError", "message": "no stock", "backtrace": ["a", "b"]}'); insert into solid_queue_ready_executions (job_id, queue_name) values (2, 'default')`,
    letters: [{ id: "1", consumer: "default", type: "ReserveJob", error: "RuntimeError: no stock", attempts: 3 }],
    waitingSql: jobs("solid_queue_ready_executions"),
    retry: {
      id: "1",
      asked:
        "select exists (select 1 from solid_queue_ready_executions where job_id = 1) and not exists (select 1 from solid_queue_failed_executions) as yes",
    },
  },
  {
    ...{ preset: "good-job", variant: "v3 and later" },
    make: sql(
      `create table good_jobs (id uuid primary key, queue_name text, priority integer, serialized_params jsonb, scheduled_at timestamp, performed_at timestamp, finished_at timestamp, error text, created_at timestamp not null default timezone('UTC', now()))`,
    ),
    rows: `insert into good_jobs (id, queue_name, serialized_params, finished_at, error) values ('${uuid(1)}', 'default', '{"job_class": "ReserveJob", "executions": 4}', timezone('UTC', now()), 'RuntimeError: no stock'), ('${uuid(2)}', 'default', '{"job_class": "ReserveJob"}', timezone('UTC', now()), null), ('${uuid(3)}', 'default', '{"job_class": "ReserveJob"}', null, 'RuntimeError: once'), ('${uuid(4)}', null, null, null, null)`,
    letters: [
      { id: uuid(1), consumer: "default", type: "ReserveJob", error: "RuntimeError: RuntimeError: no stock", attempts: 5 },
    ],
    waitingSql: `${jobs("good_jobs")} where finished_at is null`,
  },
];
