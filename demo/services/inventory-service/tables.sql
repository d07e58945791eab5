create table if not exists stock (
  sku text primary key,
  on_hand int not null check (on_hand >= 0)
);

insert into stock (sku, on_hand)
select 'SKU-' || n, 50000000 from generate_series(2001, 2040) n
union all select 'SKU-2999', 0
on conflict (sku) do nothing;

-- One row per order: set aside, refused for want of stock, or released.
create table if not exists stock_reservation (
  order_id text primary key,
  state text not null check (state in ('reserved', 'rejected', 'released')),
  quantity int not null,
  lines jsonb not null default '[]',
  version bigint not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp()
);
