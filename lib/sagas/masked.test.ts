import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ctx } from "../context";
import { contractMap } from "../contracts/map.rules";
import { readContracts } from "../contracts/service";
import { rows } from "../db/rows";
import { type TestPair, testPair } from "../observation/testing";
import { makeOperator } from "../operators/testing";
import { readKey } from "../timeline/service";
import { withoutData } from "./masked.rules";
import { listSagas, readSaga } from "./service";

const NAME = "Anna Kanarek";
let pair: TestPair;
let ctx: Ctx;

beforeAll(async () => {
  pair = await testPair();
  ctx = (await makeOperator(pair.store.db, Date.now())).ctx;
  await pair.store.db.execute(
    sql`update contract_revision set body = jsonb_set(body, '{masking}', '["$.customer.name"]') where zone_id = 'sales'`,
  );
  const sources = pair.observed.map(({ sourceId, service }) => ({ sourceId, consumers: [service] }));
  Object.assign(pair.of("shop"), { map: contractMap(await readContracts(pair.store.db), sources) });
});
afterAll(() => pair.close());

test("S6: what a zone masks is found in the errors of a saga's steps by the saga's own data, before the store has them", async () => {
  const sagaId = randomUUID();
  await pair.shop.rows(
    `insert into messaging.saga (saga_id, saga_type, business_key, correlation_id, state, step, started_at, deadline_at, data)
     values ($1, 'sale', 'S-1', $2, 'compensating', 'pay', clock_timestamp() - interval '10 minutes', clock_timestamp() - interval '9 minutes', $3)`,
    [sagaId, `for ${NAME}`, JSON.stringify({ customer: { name: NAME } })],
  );
  await pair.shop.rows(
    `insert into messaging.saga_step (saga_id, position, name, kind, compensates, state, attempts, started_at, ended_at, error_type, error_message)
     values ($1, 1, 'pay', 'forward', null, 'failed', 2, clock_timestamp() - interval '9 minutes', clock_timestamp() - interval '8 minutes', $2, $3),
       ($1, 2, 'unpay', 'compensation', 1, 'failed', 4, clock_timestamp() - interval '8 minutes', clock_timestamp() - interval '7 minutes', $2, $3)`,
    [sagaId, `NoAccount ${NAME}`, `the bank knows no ${NAME.toUpperCase()}`],
  );
  await pair.observe("shop");
  for (const table of ["saga_compensation", "saga_step"])
    expect([
      table,
      await rows(pair.store.db, sql`select 1 as found from ${sql.raw(table)} t where t::text ilike ${`%${NAME}%`}`),
    ]).toEqual([table, []]);
  const view = await readSaga(ctx, { sourceId: "shop", sagaId });
  expect(JSON.stringify(view)).toContain("the bank knows no [");
  for (const shown of [
    view,
    await listSagas(ctx, { zones: [], state: null, types: [], steps: [], key: null, after: null }),
    await readKey(ctx, { key: "S-1", before: null }),
  ])
    expect(JSON.stringify(shown).toLowerCase()).not.toContain(NAME.toLowerCase());
});

test("S6: a step goes on without its saga's data, whatever that is; without masking its error stays", () => {
  const step = { errorType: "Error", errorMessage: `no ${NAME}`, position: 1 };
  for (const sagaData of [null, "", "{", "null", "[]", JSON.stringify({ customer: null })])
    expect(withoutData({ ...step, sagaData }, ["$.customer.name"])).toEqual(step);
  expect(withoutData({ ...step, sagaData: JSON.stringify({ customer: { name: NAME } }) }, [])).toEqual(step);
});
