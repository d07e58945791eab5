import type pg from "pg";
import type { Compared } from "../../source";
import { selectByKey, selectPage } from "./compared.sql";
import { inTransaction } from "./connection";
import { describeRelation } from "./shape";

// A comparison is never worth a wait of the service's: no lock is queued for, no second process is started for it.
const SETTINGS = "set local lock_timeout = 100; set local max_parallel_workers_per_gather = 0";

/** Any relation of a PostgreSQL database, compared through one connection; every statement is a transaction of its own, so that no snapshot outlives a page. */
export function comparedRelations(pool: pg.Pool): Compared {
  const reading = <T>(work: (client: pg.ClientBase) => Promise<T>) => inTransaction(pool, "begin read only", work, SETTINGS);
  return {
    describe: (relation) => reading((client) => describeRelation(client, relation)),
    page: (relation, shape, after, most) => reading((client) => selectPage(client, relation, shape, after, most)),
    byKey: (relation, shape, keys) => reading((client) => selectByKey(client, relation, shape, keys)),
  };
}
