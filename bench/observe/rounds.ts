import pg from "pg";
import { contractMap } from "../../lib/contracts/map.rules";
import { migrateStore } from "../../lib/db/migrate";
import { openStore } from "../../lib/db/pool";
import { observeSource } from "../../lib/observation/service";
import type { Observed } from "../../lib/sources/observed";
import { nativeSource } from "../../lib/sources/presets/native/native";
import { type Cluster, onceAt } from "../cluster";
import { number, once, pair, table, timed, whole } from "../measure";
import { explained, headOf, recorded } from "../statements";
import { applyEstate } from "../store/contracts";
import { orderConfiguration } from "./contract";
import { writeEvents } from "./outbox";

/** A worker's whole round on the source, with a store of its own: what is looked at is also recorded, and open facts are asked again. */
export async function rounds(cluster: Cluster, url: string): Promise<void> {
  await cluster.drop("rounds");
  const storeUrl = await cluster.database("rounds", (made) => migrateStore(made, { runtimePassword: "bench" }));
  const store = openStore(storeUrl, 4, "accord bench");
  const configuration = await orderConfiguration(url);
  await applyEstate(store.db, configuration);
  const source = nativeSource({ url, actUrl: url, schema: "messaging", act: false });
  const map = contractMap(
    configuration.contracts.map((text) => text.contract),
    configuration.sources,
  );
  const observed: Observed = { sourceId: "orders", service: "orders", source, map };
  const poll = () => observeSource({ db: store.db, workerId: "bench" }, observed);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let first = 0;
    const caughtUp = async () => {
      while ((await poll()) === "more") first++;
    };
    const reread = await once(caughtUp);
    const idle = await timed(30, poll);
    const busy: number[] = [];
    for (let i = 0; i < 10; i++) {
      await writeEvents(client, 200, 160);
      busy.push((await once(poll)).ms);
    }
    busy.sort((a, b) => a - b);
    const open = await onceAt(storeUrl, (c) => c.query("select reason, count(*) as n from unresolved group by 1 order by 1"));
    table(
      ["round", "p50 / p95 ms", ""],
      [
        [
          "first: until nothing waits",
          number(reread.ms),
          `${first + 1} rounds; open then: ${open.rows.map((row) => `${whole(Number(row.n))} ${row.reason}`).join(", ")}`,
        ],
        ["idle", pair(idle), ""],
        ["200 new events, 160 published", pair({ n: 10, p50: busy[5]!, p95: busy[9]! }), ""],
      ],
    );
    const { statements } = await recorded(poll);
    await onceAt(storeUrl, async (c) => {
      const body: string[][] = [];
      for (const statement of statements.filter(
        ({ text }) =>
          /^\s*select\b/i.test(text) && /\b(unresolved|dead_letter_group)\b/.test(text) && !text.includes('"messaging"'),
      )) {
        const cost = await explained(c, statement);
        body.push([headOf(statement.text), number(cost.ms), whole(cost.rowsTouched), whole(cost.buffers)]);
      }
      console.log("\nThe idle round's reads of the store:\n");
      table(
        ["table", "ms", "rows touched", "buffers"],
        body.sort((a, b) => Number(b[1]) - Number(a[1])),
      );
    });
  } finally {
    await client.end();
    await source.close();
    await store.close();
    await cluster.drop("rounds");
  }
}
