-- A small broker: topics fan out to one queue per consumer; at least once, in no promised order.
create table if not exists subscription (
  topic text not null,
  consumer text not null,
  primary key (topic, consumer)
);

create table if not exists delivery (
  id bigint generated always as identity primary key,
  consumer text not null,
  message jsonb not null,
  visible_at timestamptz not null default clock_timestamp(),
  attempts int not null default 0,
  attempt_log jsonb not null default '[]'
) with (fillfactor = 70);

create index if not exists delivery_turn on delivery (consumer, id);

-- Switched while the estate runs; a service looks twice a second.
create table if not exists fault (
  name text primary key,
  started_at timestamptz not null default clock_timestamp(),
  until timestamptz
);
