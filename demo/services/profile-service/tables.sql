create table if not exists customer (
  customer_id text primary key,
  name text not null,
  email text not null,
  city text not null,
  version bigint not null,
  updated_at timestamptz not null default clock_timestamp()
);
