import { tookTooLong } from "./failure.js";
import type { Database, Sql } from "./sql.js";

type PgClient = Sql & {
  release(broken?: boolean): void;
  on(event: "error", listener: (error: Error) => void): unknown;
  off(event: "error", listener: (error: Error) => void): unknown;
};
/** A pool of pg, as far as it is used here; its second way to connect stands here because types are compared way by way. */
type PgPool<Client> = Sql & {
  connect(): Promise<Client>;
  connect(callback: (error: Error | undefined, client: Client | undefined, done: (broken?: boolean) => void) => void): void;
};

/** A service's database by a pool of `pg`; handlers are given its client. */
export function pgDatabase<Client extends PgClient>(pool: PgPool<Client>): Database<Client> {
  return {
    query: (text, values) => pool.query(text, values),
    async transaction(work) {
      const client = await pool.connect();
      let lost: Error | undefined;
      // While a client is taken, nobody else listens: a connection that is lost between two statements would end the process.
      const note = (error: Error) => {
        lost = lost ?? error;
      };
      client.on("error", note);
      let broken = true;
      try {
        // Order within a key is decided on what is committed by then, whatever the database's own setting.
        await client.query("begin isolation level read committed");
        const value = await work(client);
        const ended = await client.query("commit");
        broken = false;
        if ((ended as { command?: string }).command === "ROLLBACK")
          throw new Error("A statement of this transaction failed, and the error was not passed on: nothing of it was kept.");
        return value;
      } catch (error) {
        const tooLong = [error, lost].find(tookTooLong);
        if (tooLong) throw tooLong;
        // On a connection that is lost this throws, and that is what became of the transaction.
        if (broken) await client.query("rollback");
        broken = false;
        throw error;
      } finally {
        client.off("error", note);
        client.release(broken);
      }
    },
  };
}

type DrizzleSql = { (strings: TemplateStringsArray, ...values: never[]): unknown; param(value: unknown): unknown };
type Drizzle = { execute(query: never): PromiseLike<unknown> };

/** Statements within drizzle's `db` or transaction; `sql` is drizzle-orm's. `orm` is what was handed in. */
export function drizzleSql<Orm extends Drizzle>(orm: Orm, sql: DrizzleSql): Sql & { orm: Orm } {
  return {
    orm,
    async query(text, values = []) {
      // Drizzle numbers parameters by itself: the text is cut where they stand.
      const parts = text.split(/\$(\d+)/);
      const strings = parts.filter((_, n) => n % 2 === 0);
      const params = parts.filter((_, n) => n % 2 === 1).map((n) => sql.param(values[Number(n) - 1]) as never);
      const template = Object.assign([...strings], { raw: strings }) as unknown as TemplateStringsArray;
      return rowsIn(await orm.execute(sql(template, ...params) as never));
    },
  };
}

/** A service's database by drizzle; handlers are given `{ query, orm }`. */
export function drizzleDatabase<Tx extends Drizzle>(
  db: Drizzle & { transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> },
  sql: DrizzleSql,
): Database<Sql & { orm: Tx }> {
  return { query: drizzleSql(db, sql).query, transaction: (work) => db.transaction((tx) => work(drizzleSql(tx, sql))) };
}

type Kysely = { executeQuery(query: never): Promise<{ rows: unknown[] }> };
type KyselyRaw = { raw(text: string, values?: unknown[]): unknown };

/** Statements within kysely's `db` or transaction; `CompiledQuery` is kysely's. `orm` is what was handed in. */
export function kyselySql<Orm extends Kysely>(orm: Orm, CompiledQuery: KyselyRaw): Sql & { orm: Orm } {
  return { orm, query: (text, values = []) => orm.executeQuery(CompiledQuery.raw(text, values) as never) };
}

/** A service's database by kysely; handlers are given `{ query, orm }`. */
export function kyselyDatabase<Tx extends Kysely>(
  db: Kysely & { transaction(): { execute<T>(work: (tx: Tx) => Promise<T>): Promise<T> } },
  CompiledQuery: KyselyRaw,
): Database<Sql & { orm: Tx }> {
  return {
    query: kyselySql(db, CompiledQuery).query,
    transaction: (work) => db.transaction().execute((tx) => work(kyselySql(tx, CompiledQuery))),
  };
}

type Prisma = { $queryRawUnsafe(text: string, ...values: never[]): PromiseLike<unknown> };

/** Statements within Prisma's client or interactive transaction. `orm` is what was handed in. */
export function prismaSql<Orm extends Prisma>(orm: Orm): Sql & { orm: Orm } {
  return { orm, query: async (text, values = []) => rowsIn(await orm.$queryRawUnsafe(text, ...(values as never[]))) };
}

type PrismaOptions = { maxWait?: number; timeout?: number };

/** A service's database by Prisma; handlers are given `{ query, orm }`. A handler that takes longer than `timeout` milliseconds fails; Prisma's own is 5 s. */
export function prismaDatabase<Tx extends Prisma>(
  client: Prisma & { $transaction<T>(work: (tx: Tx) => Promise<T>, options?: PrismaOptions): Promise<T> },
  options: PrismaOptions = {},
): Database<Sql & { orm: Tx }> {
  return { query: prismaSql(client).query, transaction: (work) => client.$transaction((tx) => work(prismaSql(tx)), options) };
}

// Drivers answer with rows, or with something that has them.
function rowsIn(answer: unknown): { rows: unknown[] } {
  return Array.isArray(answer) ? { rows: answer } : (answer as { rows: unknown[] });
}
