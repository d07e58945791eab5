-- The points that an order earned, once.
create table if not exists grant_of_points (
  order_id text primary key,
  customer_id text not null,
  points int not null,
  granted_at timestamptz not null default clock_timestamp()
);
