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

-- What the broker has lost, as its own log would say to whoever looks: demo/faults/lost-events.ts.
create table if not exists lost_message (
  message_id uuid primary key,
  producer text not null,
  lost_at timestamptz not null default clock_timestamp()
);

-- Which rows of which projection were changed behind everybody's back: demo/faults/silent-drift.ts.
create table if not exists drifted_row (
  relation text not null,
  key text not null,
  primary key (relation, key)
);
