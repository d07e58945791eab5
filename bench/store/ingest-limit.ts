import type pg from "pg";
import { once, timingOf } from "../measure";
import { processorsOf } from "../processors";

export const PAGE = 1_000;
export const SOURCE = "s03";

/** Rows a second, and milliseconds of the store's processor a page. */
export type Limit = { rate: number; processorMs: number };

/** The same rows once more under other numbers, by the database alone: into the same tables, as full as they are, as many however many came. Undone. */
export async function limit(client: pg.Client, rows: number, all: boolean): Promise<Limit> {
  const columns =
    "group_id, business_key, version, consumer_version, occurred_at, parked_at, since, seen_at, flagged, state, attempts, changed_at";
  const body =
    "schema_version, aggregate_type, correlation_id, causation_id, traceparent, error_message, error_stack, attempt_log, payload, payload_bytes, headers, first_failed_at";
  const came = `source_id = '${SOURCE}' and business_key like 'ORD-L%' and id < 100000000`;
  const bodies = body.split(", ").map((name) => `b.${name}`);
  const facts = "source_id, reason, consumer, zone_id, business_key, event_type, since, confirmed, flagged";
  const statements = [
    `insert into dead_letter (id, source_id, source_seq, message_id, ${columns}) overriding system value select id + 100000000, source_id, 'x' || source_seq, gen_random_uuid()::text, ${columns} from dead_letter where ${came} order by id limit ${rows}`,
    `insert into dead_letter_body (id, ${body}) select b.id + 100000000, ${bodies.join(", ")} from dead_letter d join dead_letter_body b using (id) where ${came.replace("id <", "d.id <")} order by d.id limit ${rows}`,
    `insert into unresolved (ref, ${facts}) select 'x' || ref, ${facts} from unresolved where source_id = '${SOURCE}' and reason = 'parked' and business_key like 'ORD-L%' limit ${rows}`,
    `insert into open_key (zone_id, business_key, since, reasons, facts) select zone_id, 'x' || business_key, since, reasons, facts from open_key where business_key like 'ORD-L%' limit ${Math.ceil((rows * 2) / 5)}`,
  ];
  const [samples, processors] = [[] as number[], [] as number[]];
  for (let i = 0; i < 3; i++) {
    await client.query("begin");
    const taken = await processorsOf(client, async () => {
      const { ms } = await once(async () => {
        for (const statement of all ? statements : statements.slice(0, 2)) await client.query(statement);
      });
      samples.push(ms);
    });
    await client.query("rollback");
    processors.push(taken.of(client.database!));
  }
  await client.query("vacuum dead_letter, dead_letter_body, unresolved, open_key");
  return { rate: rows / (timingOf(samples).p50 / 1_000), processorMs: timingOf(processors).p50 / (rows / PAGE) };
}

/** Takes out what was recorded, so that the next path meets the same store. */
export async function forget(client: pg.Client): Promise<void> {
  await client.query(
    `with d as (delete from dead_letter where source_id = '${SOURCE}' and business_key like 'ORD-L%' returning id) delete from dead_letter_body b using d where b.id = d.id`,
  );
  await client.query("delete from unresolved where business_key like 'ORD-L%'");
  await client.query("delete from open_key where business_key like 'ORD-L%'");
  await client.query("vacuum dead_letter, dead_letter_body, unresolved, open_key");
}
