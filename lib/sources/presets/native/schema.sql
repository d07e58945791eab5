-- Native tables, version 1: what a service writes so that Accord can observe it and act on it.
-- Apply with `installNative` (install.ts) or by hand: psql -1 -f schema.sql. Applying it again changes nothing.
-- The schema's name stands only where a name can stand, so that the installer may replace it.

create schema if not exists messaging;

-- Roles belong to the cluster, and several databases may be installed at once. Where they are there, nobody needs the right to make roles.
do $$
declare
  wanted text;
begin
  foreach wanted in array array['accord_observer', 'accord_actor'] loop
    if not exists (select from pg_catalog.pg_roles where rolname = wanted) then
      begin
        execute format('create role %I nologin', wanted);
      exception when duplicate_object or unique_violation then null;
      end;
    end if;
  end loop;
end $$;

-- A default would not fire on update, and a restore would carry old values along.
create or replace function messaging.stamp_written() returns trigger language plpgsql as $$
begin
  new.written_by := pg_catalog.pg_current_xact_id();
  new.inserted_by := case when tg_op = 'INSERT' then new.written_by else old.inserted_by end;
  return new;
end $$;

-- Events to publish. Each row is written twice, at insert and when published; room is left for the second
-- version beside the first, so that a range of pages holds one span of transactions and the BRIN stays sharp.
create table if not exists messaging.outbox (
  position bigint generated always as identity primary key,
  message_id uuid not null unique,
  event_type text not null,
  schema_version int not null default 1,
  aggregate_type text not null,
  business_key text not null,
  version bigint,
  payload jsonb not null,
  headers jsonb not null default '{}',
  correlation_id text,
  causation_id text,
  traceparent text,
  occurred_at timestamptz not null,
  written_at timestamptz not null default clock_timestamp(),
  published_at timestamptz,
  attempts int not null default 0,
  last_error text,
  written_by xid8 not null,
  inserted_by xid8 not null
) with (fillfactor = 60);

create index if not exists outbox_unpublished on messaging.outbox (occurred_at) where published_at is null;
create index if not exists outbox_business_key on messaging.outbox (business_key, version);
-- A relay takes what waits in the order of writing.
create index if not exists outbox_to_relay on messaging.outbox (position) where published_at is null;
-- And what was refused, rarest first; the index holds nothing else.
create index if not exists outbox_refused on messaging.outbox (attempts, position) where published_at is null and last_error is not null;
-- 128 pages hold about a thousand events of 1 kB: a poll reads little beside what changed. A range without a summary is always
-- read. The server notes at most 256 full ranges a minute to be summed up, with 128 pages some 4,000 events a second; what it
-- could not note waits for VACUUM, which therefore comes by what was written, and not by how large the table has grown.
create index if not exists outbox_written_by on messaging.outbox
  using brin ((written_by::text::bigint)) with (pages_per_range = 128, autosummarize = on);
alter table messaging.outbox set (autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 50000);

-- What a consumer has processed. Insert-only.
create table if not exists messaging.inbox (
  consumer text not null,
  message_id uuid not null,
  event_type text not null,
  schema_version int not null default 1,
  business_key text not null,
  version bigint,
  correlation_id text,
  occurred_at timestamptz,
  received_at timestamptz not null default clock_timestamp(),
  processed_at timestamptz not null default clock_timestamp(),
  attempts int not null default 1,
  outcome text not null check (outcome in ('applied', 'stale', 'ignored')),
  consumer_version text,
  written_by xid8 not null,
  inserted_by xid8 not null,
  primary key (consumer, message_id)
);

create index if not exists inbox_order on messaging.inbox (consumer, event_type, business_key, version);
create index if not exists inbox_business_key on messaging.inbox (business_key);
-- For a service that deletes what it handled long ago: without it, it would go through all of the table each time. Rows come in this order, so that
-- a single page is written to. No BRIN: the room of what was deleted is used again, and its ranges then hold old and new for ever.
create index if not exists inbox_retention on messaging.inbox (consumer, processed_at);
-- Rows are small and never change: 128 pages hold some four thousand.
create index if not exists inbox_written_by on messaging.inbox
  using brin ((written_by::text::bigint)) with (pages_per_range = 128, autosummarize = on);
alter table messaging.inbox set (autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 50000);

-- Copies that were dropped. Insert-only; the same message may be dropped many times.
create table if not exists messaging.inbox_duplicate (
  consumer text not null,
  message_id uuid not null,
  seen_at timestamptz not null default clock_timestamp(),
  written_by xid8 not null,
  inserted_by xid8 not null
);

create index if not exists inbox_duplicate_message on messaging.inbox_duplicate (message_id);
create index if not exists inbox_duplicate_retention on messaging.inbox_duplicate (consumer, seen_at);
create index if not exists inbox_duplicate_written_by on messaging.inbox_duplicate (written_by);

-- Arrived ahead of its turn; the row goes when its predecessor has been applied.
create table if not exists messaging.held_message (
  consumer text not null,
  message_id uuid not null,
  event_type text not null,
  schema_version int not null default 1,
  aggregate_type text,
  business_key text not null,
  version bigint not null,
  waits_for bigint not null,
  held_at timestamptz not null default clock_timestamp(),
  payload jsonb not null,
  headers jsonb not null default '{}',
  correlation_id text,
  causation_id text,
  traceparent text,
  occurred_at timestamptz,
  written_by xid8 not null,
  inserted_by xid8 not null,
  primary key (consumer, message_id)
);

create index if not exists held_message_turn on messaging.held_message (consumer, business_key, version);
create index if not exists held_message_business_key on messaging.held_message (business_key);
create index if not exists held_message_written_by on messaging.held_message (written_by);

-- Put aside after the last attempt, with a whole copy of the message: the outbox row may be gone.
create table if not exists messaging.dead_letter (
  dead_letter_id bigint generated always as identity primary key,
  consumer text not null,
  consumer_version text,
  message_id uuid not null,
  event_type text not null,
  schema_version int not null default 1,
  aggregate_type text,
  business_key text not null,
  version bigint,
  payload jsonb not null,
  headers jsonb not null default '{}',
  correlation_id text,
  causation_id text,
  traceparent text,
  occurred_at timestamptz,
  error_type text not null,
  error_message text not null,
  error_stack text,
  attempts int not null,
  attempt_log jsonb not null default '[]',
  first_failed_at timestamptz not null,
  parked_at timestamptz not null default clock_timestamp(),
  state text not null default 'parked' check (state in ('parked', 'redelivering', 'resolved', 'discarded')),
  state_changed_at timestamptz not null default clock_timestamp(),
  state_reason text,
  written_by xid8 not null,
  inserted_by xid8 not null,
  unique (consumer, message_id)
) with (fillfactor = 50);

create index if not exists dead_letter_open on messaging.dead_letter (parked_at) where state in ('parked', 'redelivering');
create index if not exists dead_letter_business_key on messaging.dead_letter (business_key);
create index if not exists dead_letter_written_by on messaging.dead_letter (written_by);

-- An operator's request that one consumer gets one message again. Accord chooses the id: the same request is one row.
create table if not exists messaging.redelivery (
  redelivery_id uuid primary key,
  dead_letter_id bigint not null,
  consumer text not null,
  message_id uuid not null,
  payload jsonb,
  headers jsonb,
  edited_message_id uuid,
  requested_by text not null,
  requested_at timestamptz not null default clock_timestamp(),
  not_before timestamptz,
  state text not null default 'waiting'
    check (state in ('waiting', 'taken', 'applied', 'duplicate', 'stale', 'held', 'failed')),
  taken_at timestamptz,
  finished_at timestamptz,
  error_type text,
  error_message text,
  written_by xid8 not null,
  inserted_by xid8 not null
);

create index if not exists redelivery_to_take on messaging.redelivery (consumer, requested_at) where state in ('waiting', 'taken');
create index if not exists redelivery_dead_letter on messaging.redelivery (dead_letter_id);
create index if not exists redelivery_written_by on messaging.redelivery (written_by);

-- Takes back requests that no consumer has taken: they end as stale, under a name that tells them from the consumer's own, and their letters are
-- parked again. What a consumer is taking at this moment is locked by it, and left to it. A function, so that the actor may do this and no more.
create or replace function messaging.withdraw_redeliveries(ids uuid[]) returns void language sql security definer set search_path = pg_catalog, pg_temp as $$
  with due as materialized (
    select redelivery_id from messaging.redelivery where redelivery_id = any(ids) and state = 'waiting' order by redelivery_id for update skip locked),
  ended as (
    update messaging.redelivery r set state = 'stale', finished_at = clock_timestamp(), error_type = 'Withdrawn', error_message = 'Withdrawn before a consumer took it.'
      from due where r.redelivery_id = due.redelivery_id returning r.dead_letter_id, r.consumer, r.message_id)
  update messaging.dead_letter d set state = 'parked', state_changed_at = clock_timestamp(), state_reason = 'redelivery withdrawn'
    from ended e where (d.dead_letter_id, d.consumer, d.message_id) = (e.dead_letter_id, e.consumer, e.message_id) and d.state = 'redelivering';
$$;
revoke execute on function messaging.withdraw_redeliveries(uuid[]) from public;

-- Long-running processes, with optimistic concurrency by version.
create table if not exists messaging.saga (
  saga_id uuid primary key,
  saga_type text not null,
  business_key text not null,
  correlation_id text,
  state text not null default 'running' check (state in ('running', 'compensating', 'completed', 'compensated', 'failed')),
  step text,
  started_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  deadline_at timestamptz,
  ended_at timestamptz,
  hold_until timestamptz,
  data jsonb not null default '{}',
  version int not null default 1,
  written_by xid8 not null,
  inserted_by xid8 not null
);

create index if not exists saga_business_key on messaging.saga (business_key);
create index if not exists saga_open on messaging.saga (deadline_at) where state in ('running', 'compensating');
-- An observer that reads anew asks for these in the order of their id, however many were settled before.
create index if not exists saga_unsettled on messaging.saga (saga_id) where state in ('running', 'compensating', 'failed');
create index if not exists saga_written_by on messaging.saga (written_by);

create table if not exists messaging.saga_step (
  saga_id uuid not null,
  position int not null,
  name text not null,
  kind text not null check (kind in ('forward', 'compensation')),
  compensates int,
  state text not null default 'pending' check (state in ('pending', 'running', 'done', 'failed', 'skipped')),
  attempts int not null default 0,
  deadline_at timestamptz,
  started_at timestamptz,
  ended_at timestamptz,
  error_type text,
  error_message text,
  written_by xid8 not null,
  inserted_by xid8 not null,
  primary key (saga_id, position)
);

create index if not exists saga_step_written_by on messaging.saga_step (written_by);

do $$
declare
  observed text;
begin
  foreach observed in array array[
    'outbox', 'inbox', 'inbox_duplicate', 'held_message', 'dead_letter', 'redelivery', 'saga', 'saga_step'
  ] loop
    execute format(
      'create or replace trigger stamp_written before insert or update on messaging.%I
       for each row execute function messaging.stamp_written()', observed);
  end loop;
end $$;

-- The least rights: the observer reads, the actor also carries out an operator's request.
grant usage on schema messaging to accord_observer, accord_actor;
grant select on
  messaging.outbox, messaging.inbox, messaging.inbox_duplicate, messaging.held_message,
  messaging.dead_letter, messaging.redelivery, messaging.saga, messaging.saga_step
  to accord_observer, accord_actor;
grant insert on messaging.redelivery to accord_actor;
grant execute on function messaging.withdraw_redeliveries(uuid[]) to accord_actor;
grant update (state, state_changed_at, state_reason) on messaging.dead_letter to accord_actor;
grant update (hold_until) on messaging.saga to accord_actor;

comment on schema messaging is 'accord native tables, version 1';
