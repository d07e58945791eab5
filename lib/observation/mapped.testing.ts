import type pg from "pg";
import { loadConfiguration } from "../contracts/files";
import { contractMap } from "../contracts/map.rules";
import { publicSource } from "../contracts/rules";
import { applyConfiguration, readContracts } from "../contracts/service";
import { testFiles } from "../contracts/testing";
import { testDatabase, testPool, testStore } from "../db/testing";
import { dispatchChunks } from "../operations/dispatch";
import { watchOutcomes } from "../operations/watch";
import type { Observed } from "../sources/observed";
import { sourceRegistry } from "../sources/registry";
import { replaceSources } from "../sources/sql";
import { observeSource } from "./service";

/**
 * A store and one database of a service with tables that are not Accord's: `tables` makes them, `source` is what accord.yaml says of them in the
 * lines below its address. Nobody works but the test.
 */
export async function testMapped({
  tables,
  source,
  contract,
  name = "app",
  server,
}: {
  tables: string;
  source: string;
  contract: string;
  name?: string;
  /** A superuser's address on a server of the test's own, where the service's database is to lie. */
  server?: string;
}) {
  const [store, database] = await Promise.all([testStore(5), testDatabase(name, server)]);
  const service = testPool(database.url, 4);
  await service.query(tables);
  const accord = `version: 1\nenvironment: test\nsources:\n  ${name}:\n    service: ${name}-service\n    url: \${APP}\n${source.replace(/^/gm, "    ")}\ncontracts: ./contracts\n`;
  const files = await testFiles({ "accord.yaml": accord, "contracts/zone.yaml": contract });
  const loaded = await loadConfiguration(files.path, { APP: database.url });
  await files.remove();
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const { configuration } = loaded;
  const ctx = { db: store.db, actor: { kind: "worker", workerId: "test" } as const, now: Date.now() };
  await applyConfiguration(ctx, configuration, [], (tx) => replaceSources(tx, configuration.sources.map(publicSource), ctx.now));
  const map = contractMap(await readContracts(store.db), configuration.sources);
  const config = configuration.sources[0]!;
  /** Another process with the same configuration, which knows nothing of the first. */
  const worker = (workerId: string) => {
    const registry = sourceRegistry();
    const observed: Observed = {
      sourceId: config.sourceId,
      service: config.service,
      source: registry.open(config),
      map,
      contractHash: "1",
    };
    return {
      observed,
      /** Polls until nothing more waits; the answer is the last poll's. */
      observe: async (pageSize = 1_000): Promise<string> => {
        for (;;) {
          const answer = await observeSource({ db: store.db, workerId, pageSize }, observed);
          if (answer !== "more") return answer;
        }
      },
      dispatch: () => dispatchChunks(store.db, workerId, [observed]),
      watch: () => watchOutcomes(store.db, [observed]),
      close: () => registry.close(),
    };
  };
  const first = worker("test");
  return {
    ...{ store, config, worker, database },
    ...first,
    rows: async <T extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<T[]> =>
      (await service.query<T>(text, values)).rows,
    service,
    close: async () => {
      await first.close();
      await service.end();
      await Promise.all([store.close(), database.drop()]);
    },
  };
}
export type TestMapped = Awaited<ReturnType<typeof testMapped>>;
