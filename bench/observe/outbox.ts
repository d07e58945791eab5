import type pg from "pg";
import { installNative } from "../../lib/sources/presets/native/install";
import { onceAt } from "../cluster";

/** Never published: 9,000 are the newest, 1,000 lie scattered over the whole history. */
export const UNPUBLISHED = { newest: 9_000, scattered: 1_000 } as const;

// As in life: rows are written, and published by a relay a moment later in another transaction, so that each has two versions.
// A transaction writes 500 events, for the load's sake; the two statements are those of a service and its relay.
const fill = `create or replace procedure bench_fill(total bigint, batch int) language plpgsql as $$
declare done bigint := 0; keep bigint := total / ${UNPUBLISHED.scattered};
begin
  while done < total loop
    insert into messaging.outbox (message_id, event_type, aggregate_type, business_key, version, payload, headers, correlation_id, occurred_at, written_at)
      select uuidv7(), (array['OrderSubmitted','OrderPaid','OrderShipped','OrderCancelled'])[1 + i % 4], 'order', 'ORD-' || (i / 4), 1 + i % 4,
        jsonb_build_object('order_id', 'ORD-' || (i / 4), 'amount_cents', (i * 7919) % 100000, 'currency', 'EUR', 'lines', jsonb_build_array(jsonb_build_object('sku', 'SKU-' || i % 997, 'quantity', 1 + i % 5))),
        '{"producer_version": "1.4.2"}', 'corr-' || i, now() - (total - i) * (interval '30 days' / total), now() - (total - i) * (interval '30 days' / total)
      from generate_series(done + 1, least(done + batch, total)) i;
    commit;
    update messaging.outbox set published_at = written_at + interval '200 ms', attempts = 1
      where position > done and position <= least(done + batch, total - ${UNPUBLISHED.newest}) and position % keep <> 0;
    commit;
    done := done + batch;
  end loop;
end $$`;

/** Fills a native outbox as a service and its relay would have, and leaves it as it is then: no VACUUM beyond what the server did by itself. */
export async function fillOutbox(url: string, rows: number): Promise<void> {
  await installNative(url);
  await onceAt(url, async (client) => {
    // Of the load only: what is measured afterwards is durable.
    await client.query("set synchronous_commit = off");
    await client.query(fill);
    await client.query("call bench_fill($1, 500)", [rows]);
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
