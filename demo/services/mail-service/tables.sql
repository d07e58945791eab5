-- The mail that told a customer of points.
create table if not exists points_mail (
  order_id text primary key,
  email text not null,
  points int not null,
  sent_at timestamptz not null default clock_timestamp()
);
