-- As Debezium's outbox event router expects it. Nobody updates a row.
create table if not exists outbox (
  id uuid primary key default gen_random_uuid(),
  aggregatetype text not null,
  aggregateid text not null,
  type text not null,
  payload jsonb not null,
  "timestamp" timestamptz not null default clock_timestamp()
);

create index if not exists outbox_timestamp on outbox ("timestamp");

-- What the connector keeps elsewhere: how far it has read. The service knows nothing of it.
create schema if not exists connector;
create table if not exists connector.sent (id uuid primary key);
