import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rows } from "../db/rows";
import type { ZoneKey } from "../facts/rules";
import { refreshOpenKeys } from "../facts/sql";
import { type TestPair, testPair } from "../observation/testing";
import { makeOperator } from "../operators/testing";
import { parseUndeliveredExport } from "./input";
import { exportUndelivered } from "./missed-export";

let pair: TestPair;
beforeAll(async () => {
  pair = await testPair();
});
afterAll(() => pair.close());

async function fileOf(ctx: Parameters<typeof exportUndelivered>[0], input: object): Promise<string> {
  const { chunks } = await exportUndelivered(ctx, parseUndeliveredExport({ zoneId: "sales", key: "export-1", ...input }));
  let text = "";
  for await (const chunk of chunks) text += chunk;
  return text;
}

test("X14: the messages to publish again are named by id, each once with all who lack it, not those that are parked or young; it is in the audit", async () => {
  const { ctx } = await makeOperator(pair.store.db, Date.now(), { role: "viewer", zones: ["sales"], name: "Vera" });
  const id = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;
  const owes = (n: number, consumer: string, reason: string, ago: string, key = `E-${n}`) =>
    pair.store.db.execute(sql`insert into unresolved (source_id, reason, consumer, ref, zone_id, business_key, event_type, since)
      values ('stock', ${reason}, ${consumer}, ${id(n)}, 'sales', ${key}, 'Placed', now() - ${ago}::interval)`);
  await owes(1, "stock-service", "undelivered", "10 minutes", "=E-1");
  await owes(1, "mail-service", "undelivered", "9 minutes", "=E-1");
  await owes(2, "stock-service", "undelivered", "8 minutes");
  await owes(2, "stock-service", "parked", "8 minutes");
  await owes(3, "stock-service", "undelivered", "1 second");
  await owes(4, "stock-service", "undelivered", "2 minutes");
  // As whoever writes facts does, in the same transaction.
  const keys = await rows<ZoneKey>(
    pair.store.db,
    sql`select distinct zone_id as "zoneId", business_key as "businessKey" from unresolved`,
  );
  await pair.store.db.transaction((tx) => refreshOpenKeys(tx, keys));
  const lines = (await fileOf(ctx, {})).split("\r\n");
  expect(lines.map((line) => line.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/, "then"))).toEqual([
    "message_id,event_type,business_key,since,not_processed_by",
    `${id(1)},Placed,"'=E-1",then,mail-service stock-service`,
    `${id(4)},Placed,E-4,then,stock-service`,
    "# complete: 2 messages",
    "",
  ]);
  expect((await fileOf(ctx, { format: "jsonl", key: "export-2" })).split("\n")[1]).toContain(`"message_id":"${id(4)}"`);
  expect(
    await rows(pair.store.db, sql`select actor_name as who, target_id as zone from audit_entry where action = 'message.export'`),
  ).toEqual([
    { who: "Vera", zone: "sales" },
    { who: "Vera", zone: "sales" },
  ]);
  const stranger = await makeOperator(pair.store.db, Date.now(), { role: "viewer", zones: ["books"] });
  await expect(fileOf(stranger.ctx, { key: "export-3" })).rejects.toThrow("There is no such zone, or it is not among yours.");
});
