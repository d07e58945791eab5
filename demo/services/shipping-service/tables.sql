-- What leaves as a parcel; its label comes from the carrier.
create table if not exists parcel (
  order_id text primary key,
  customer_id text not null,
  weight_g int not null,
  created_at timestamptz not null default clock_timestamp(),
  label text,
  labelled_at timestamptz
);
