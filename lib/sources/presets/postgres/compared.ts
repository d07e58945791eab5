import type pg from "pg";
import type { Comparable, Relation, RelationShape } from "../../comparable";
import { mayHold, selectByKey, selectPage } from "./compared.sql";
import { inTransaction } from "./connection";
import { describeRelation } from "./shape";

// A comparison is never worth a wait of the service's: no lock is queued for, no second process is started for it.
const SETTINGS = "set local lock_timeout = 100; set local max_parallel_workers_per_gather = 0";

// More keys than this that the server refuses one by one are no odd rows.
const REFUSED_MAX = 100;

type ByKey = Awaited<ReturnType<Comparable["byKey"]>>;

/** Any relation of a PostgreSQL database, compared through one connection; every statement is a transaction of its own, so that no snapshot outlives a page. */
export function comparedRelations(pool: pg.Pool, timeZone = "UTC"): Comparable {
  const reading = <T>(work: (client: pg.ClientBase) => Promise<T>) => inTransaction(pool, "begin read only", work, SETTINGS);
  const ask = (relation: Relation, shape: RelationShape, keys: readonly string[]): Promise<ByKey> =>
    reading(async (client) => ({ ...(await selectByKey(client, relation, shape, keys)), notAsked: [] }));
  return {
    describe: (relation) => reading((client) => describeRelation(client, relation, timeZone)),
    page: (relation, shape, after, most) => reading((client) => selectPage(client, relation, shape, after, most)),
    byKey: async (relation, shape, keys) => {
      const [held, notHeld] = [keys.filter((key) => mayHold(shape, key)), keys.filter((key) => !mayHold(shape, key))];
      const answer = await withoutRefused((some) => ask(relation, shape, some), held);
      return { ...answer, notAsked: [...answer.notAsked, ...notHeld] };
    },
  };
}

/** Asks for all keys at once; when the server refuses a value of them, for each half, until those that it refuses stand alone. */
async function withoutRefused(ask: (keys: readonly string[]) => Promise<ByKey>, keys: readonly string[]): Promise<ByKey> {
  let refusedN = 0;
  const askFor = async (some: readonly string[]): Promise<ByKey> => {
    try {
      return await ask(some);
    } catch (error) {
      if (!isRefusedValue(error) || some.length === 0 || refusedN > REFUSED_MAX) throw error;
      if (some.length === 1) {
        refusedN++;
        return { ...(await ask([])), notAsked: [...some] };
      }
      const half = Math.ceil(some.length / 2);
      const [first, second] = [await askFor(some.slice(0, half)), await askFor(some.slice(half))];
      // The older clock and the older mark are true of both.
      return { ...first, rows: [...first.rows, ...second.rows], notAsked: [...first.notAsked, ...second.notAsked] };
    }
  };
  return askFor(keys);
}

/** A value that its type, or the check of its domain, does not take. */
const isRefusedValue = (error: unknown): boolean => /^(?:22...|23514)$/.test(String((error as { code?: unknown }).code ?? ""));
