import { installNative } from "../../lib/sources/presets/native/install";
import { onceAt } from "../cluster";
import { messageIdOf } from "./estate";

export type Letters = { from: number; n: number; consumer: string; zone: number; perTransaction: number };

/** Parks dead letters in a service's database, some to a transaction as a failing consumer does. */
export async function fillLetters(url: string, { from, n, consumer, zone, perTransaction }: Letters): Promise<void> {
  await installNative(url);
  const event = `Z${String(zone).padStart(2, "0")}`;
  await onceAt(url, async (client) => {
    await client.query("set synchronous_commit = off");
    await client.query(`create or replace procedure bench_park(low bigint, high bigint, batch int) language plpgsql as $$
      begin
        while low < high loop
          insert into messaging.dead_letter (dead_letter_id, consumer, consumer_version, message_id, event_type, aggregate_type, business_key, version, payload, headers, correlation_id, occurred_at,
              error_type, error_message, error_stack, attempts, attempt_log, first_failed_at)
            overriding system value
            select i, '${consumer}', '1.4.2', ${messageIdOf("i")}, '${event}' || (array['Opened','Paid','Shipped','Closed'])[1 + i % 4], 'order', 'ORD-L' || i * 2 / 5, 1 + i % 4,
              jsonb_build_object('order_id', 'ORD-L' || i * 2 / 5, 'amount_cents', i % 100000, 'customer', jsonb_build_object('email', 'a@example.org'), 'sku', 'SKU-' || i % 997), '{"producer_version": "1.4.2"}', 'corr-' || i,
              clock_timestamp() - interval '10 seconds', (array['TypeError','TimeoutError','ConflictError','ValidationError','UnknownCurrencyError'])[1 + i % 5],
              'Reservation ' || i || ' failed at ' || (array['stock','price','address','payment'])[1 + i % 4] || ' of SKU-' || i % 997 || ': upstream answered 503', E'Error: upstream\\n    at reserve (/app/handler.js:10:5)\\n    at next (/app/run.js:4:2)',
              5, '[{"at": "2026-01-01T00:00:00Z", "error_type": "TimeoutError", "duration_ms": 1200}]', clock_timestamp() - interval '1 minute'
            from generate_series(low, least(low + batch, high) - 1) i;
          commit;
          low := low + batch;
        end loop;
      end $$`);
    await client.query("call bench_park($1, $2, $3)", [from, from + n, perTransaction]);
    await client.query("vacuum (analyze) messaging.dead_letter");
  });
}
