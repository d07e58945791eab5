import { readFileSync } from "node:fs";
import path from "node:path";
import { loop, type Message, type Payload, troubleTeller } from "../../../client/src";
import { asAdmin, type Tx } from "../cluster";
import type { Framework, FrameworkService } from "../framework";

const tables = readFileSync(path.join(import.meta.dirname, "debezium.sql"), "utf8");

const EVERY_MS = 500;
const BATCH = 100;
const RETENTION_MS = 300_000;
const KEPT = "1 hour";
const unsent = "outbox o where not exists (select from connector.sent s where s.id = o.id)";

/**
 * A service whose events lie in an outbox for Debezium. There is no Kafka Connect here: what stands for the connector asks the table twice a
 * second, where Debezium reads the write-ahead log. Like Debezium it leaves the rows as they are and keeps its place elsewhere, so that the table
 * tells as little as the real one.
 */
export function throughDebezium(): Framework {
  return {
    preset: "debezium",
    variant: "outbox with timestamp",
    underWay: unsent,
    install: (url) => asAdmin(url, (client) => client.query(tables).then(() => {})),
    async work(service) {
      const attempt = troubleTeller(service.log);
      const loops = [
        loop(EVERY_MS, () => attempt("connector", () => forward(service)), BATCH - 1),
        loop(RETENTION_MS, () => attempt("outbox's retention", () => forget(service))),
      ];
      return {
        async stop() {
          await Promise.all(loops.map((each) => each.stop()));
        },
      };
    },
  };
}

/** Writes an event, in the caller's transaction. */
export async function write(tx: Tx, event: { aggregate: string; key: string; type: string; payload: Payload }): Promise<void> {
  await tx.query("insert into outbox (aggregatetype, aggregateid, type, payload) values ($1, $2, $3, $4)", [
    event.aggregate,
    event.key,
    event.type,
    event.payload,
  ]);
}

/** Sends what was not sent, and notes it afterwards: a crash in between sends it twice. */
async function forward({ pool, broker, faults }: FrameworkService): Promise<number> {
  const { rows } = await pool.query<Message>(
    `select o.id as message_id, o.type as event_type, 1 as schema_version, o.aggregatetype as aggregate_type, o.aggregateid as business_key,
       null as version, o.payload, '{}'::jsonb as headers, o.payload ->> 'correlation_id' as correlation_id, null as causation_id,
       null as traceparent, o."timestamp" as occurred_at
     from ${unsent} order by o."timestamp" limit $1`,
    [BATCH],
  );
  if (rows.length === 0) return 0;
  await broker.publish(rows, faults);
  await pool.query("insert into connector.sent select unnest($1::uuid[]) on conflict do nothing", [
    rows.map(({ message_id }) => message_id),
  ]);
  return rows.length;
}

async function forget({ pool }: FrameworkService): Promise<number> {
  await pool.query(
    `with old as (
       delete from outbox o using connector.sent s where s.id = o.id and o."timestamp" < now() - $1::interval returning o.id)
     delete from connector.sent using old where sent.id = old.id`,
    [KEPT],
  );
  return 0;
}
