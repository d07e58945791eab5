create table if not exists account (
  account_id text primary key,
  version bigint not null default 0,
  balance_cents bigint not null default 0,
  updated_at timestamptz not null default clock_timestamp()
);

create table if not exists posting (
  posting_id text primary key,
  account_id text not null,
  version bigint not null,
  amount_cents int not null,
  booked_at timestamptz not null default clock_timestamp(),
  unique (account_id, version)
);
