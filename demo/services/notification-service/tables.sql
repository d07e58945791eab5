create table if not exists confirmation (
  order_id text primary key,
  customer_id text not null,
  email text not null,
  amount_cents int not null,
  sent_at timestamptz not null default clock_timestamp()
);

-- How often the customer was told of it: once, unless a duplicate had an effect.
alter table confirmation add column if not exists sent_n int not null default 1;

-- A copy of what profile-service owns.
create table if not exists customer_view (
  customer_id text primary key,
  name text not null,
  email text not null,
  city text not null,
  version bigint not null,
  updated_at timestamptz not null default clock_timestamp()
);
