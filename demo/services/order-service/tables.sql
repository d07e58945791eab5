create sequence if not exists order_number start 88001;

create table if not exists customer_order (
  order_id text primary key,
  customer jsonb not null,
  state text not null check (state in ('submitted', 'committed', 'cancelled')),
  amount_cents int not null,
  quantity int not null,
  correlation_id text not null,
  traceparent text,
  version bigint not null default 1,
  submitted_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp()
);

-- What payment-service said about each order; the row comes with its first answer.
create table if not exists order_view (
  order_id text primary key,
  payment_state text not null,
  amount_cents int not null,
  version bigint not null,
  updated_at timestamptz not null default clock_timestamp()
);

-- What inventory-service said about each order.
create table if not exists stock_view (
  order_id text primary key,
  state text not null,
  quantity int not null,
  version bigint not null,
  updated_at timestamptz not null default clock_timestamp()
);

-- A copy of what profile-service owns.
create table if not exists customer_view (
  customer_id text primary key,
  name text not null,
  email text not null,
  city text not null,
  version bigint not null,
  updated_at timestamptz not null default clock_timestamp()
);
