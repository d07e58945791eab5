import type pg from "pg";
import { installNative } from "../../lib/sources/presets/native/install";
import { onceAt } from "../cluster";

/** Never published: 9,000 are the newest, 1,000 lie scattered over the whole history. */
export const UNPUBLISHED = { newest: 9_000, scattered: 1_000 } as const;

// As in life: rows are written, and published a moment later in another transaction by a relay that finds them through its partial
// index, so that each row has two versions. A transaction writes 500 events, for the load's sake.
const fill = `create or replace procedure bench_fill(low bigint, high bigint, total bigint, batch int) language plpgsql as $$
declare done bigint := low; keep bigint := total / ${UNPUBLISHED.scattered};
begin
  while done < high loop
    insert into messaging.outbox (message_id, event_type, aggregate_type, business_key, version, payload, headers, correlation_id, occurred_at, written_at)
      select uuidv7(), (array['OrderSubmitted','OrderPaid','OrderShipped','OrderCancelled'])[1 + i % 4], 'order', 'ORD-' || (i / 4), 1 + i % 4,
        jsonb_build_object('order_id', 'ORD-' || (i / 4), 'amount_cents', (i * 7919) % 100000, 'currency', 'EUR', 'lines', jsonb_build_array(jsonb_build_object('sku', 'SKU-' || i % 997, 'quantity', 1 + i % 5))),
        '{"producer_version": "1.4.2"}', 'corr-' || i, now() - (total - i) * (interval '30 days' / total), now() - (total - i) * (interval '30 days' / total)
      from generate_series(done + 1, done + batch) i;
    commit;
    update messaging.outbox set published_at = written_at + interval '200 ms', attempts = 1 where position = any (array(
      select position from messaging.outbox where published_at is null and position > done and position <= total - ${UNPUBLISHED.newest} and position % keep <> 0 order by position limit batch));
    commit;
    done := done + batch;
  end loop;
end $$`;

const SHARE = 20_000;

/** Fills a native outbox as a service and its relay would have, and leaves it as it is then: vacuumed by nobody but the server itself. */
export async function fillOutbox(url: string, rows: number): Promise<void> {
  await installNative(url);
  await onceAt(url, async (client) => {
    // Of the load only: what is measured afterwards is durable.
    await client.query("set synchronous_commit = off");
    await client.query(fill);
    // Three indexes that no poll uses are made afterwards, for the load's sake.
    await client.query(
      "alter table messaging.outbox drop constraint outbox_message_id_key; drop index messaging.outbox_business_key, messaging.outbox_unpublished",
    );
    // In many calls: only between them does the server learn how much was written, and vacuum in its own time.
    for (let low = 0; low < rows; low += SHARE)
      await client.query("call bench_fill($1, $2, $3, 500)", [low, Math.min(low + SHARE, rows), rows]);
    await client.query("alter table messaging.outbox add constraint outbox_message_id_key unique (message_id)");
    await client.query("create index outbox_business_key on messaging.outbox (business_key, version)");
    await client.query("create index outbox_unpublished on messaging.outbox (occurred_at) where published_at is null");
    await client.query("checkpoint");
  });
}

/** Writes events one transaction each, as services do; `published` of them are published at once by another. */
export async function writeEvents(client: pg.ClientBase, n: number, published: number): Promise<void> {
  await client.query("set synchronous_commit = off");
  await client.query(`create or replace procedure bench_write(n int, published int) language plpgsql as $$
    declare p bigint;
    begin
      for i in 1..n loop
        insert into messaging.outbox (message_id, event_type, aggregate_type, business_key, version, payload, headers, occurred_at)
          values (uuidv7(), 'OrderSubmitted', 'order', 'ORD-N' || i, 1, '{"amount_cents": 1200, "lines": [{"sku": "SKU-1", "quantity": 1}]}', '{"producer_version": "1.4.2"}', clock_timestamp()) returning position into p;
        commit;
        if i <= published then
          update messaging.outbox set published_at = clock_timestamp(), attempts = 1 where position = p;
          commit;
        end if;
      end loop;
    end $$`);
  await client.query("call bench_write($1, $2)", [n, published]);
}
