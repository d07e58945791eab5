-- What a consumer has done, as plain services note it beside their effects: accord.yaml maps it as an inbox.
create table if not exists handled (
  consumer text not null,
  message_id text not null,
  event_type text not null,
  business_key text not null,
  consumer_version text not null,
  occurred_at timestamptz not null,
  handled_at timestamptz not null default clock_timestamp(),
  primary key (consumer, message_id)
);

create index if not exists handled_at on handled (handled_at);
