import path from "node:path";
import type { SQL } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { PgDialect } from "drizzle-orm/pg-core";
import type pg from "pg";
import type { Db } from "../pool";
import { type Column, describe } from "./describe.testing";
import { samplesFor } from "./sample.testing";
import { declarations, type Node, root, type Site, sitesOf, sourceOf } from "./source.testing";

/** A statement as the store understands it: where it stands, its columns, or why the store refuses it. */
export type Statement = { site: Site | null; file: string; text: string; columns: Column[]; problem: string | null };

const VARIANTS = 12;
// A function that reads until nothing comes would go on for ever.
const STATEMENTS_MAX = 60;
const dialect = new PgDialect();
const FRAME = /(lib\/[^:()]+\.ts):(\d+):(\d+)/;

/** Every statement that the functions of these files give to the store, each prepared there; none is run. */
export async function captureStatements(client: pg.Client, files: readonly string[]): Promise<Statement[]> {
  const found = new Map<string, Statement>();
  const sites = new Map(files.map((file) => [file, sitesOf(sourceOf(file))]));
  for (const file of files) {
    const source = sourceOf(file);
    const module = await import(/* @vite-ignore */ path.join(root, file));
    for (const { name, node, exported } of declarations(source)) {
      if (!exported || !node.params || !takesDb(node)) continue;
      const tried = new Set<string>();
      for (let variant = 0; variant < VARIANTS; variant++) {
        const args = await samplesFor(source, node, variant);
        const attempt = `${answersNothing(variant)} ${JSON.stringify(args)}`;
        if (tried.has(attempt)) continue;
        tried.add(attempt);
        const db = recorder(client, sites, found, variant);
        await Promise.resolve()
          .then(() => module[name](db, ...args))
          // What it makes of an invented row does not matter; a statement it never reaches is missed by the count.
          .catch(() => {});
      }
    }
  }
  return [...found.values()];
}

const takesDb = ({ params: [first] }: Node) =>
  /\bDb$/.test(first?.typeAnnotation?.typeAnnotation?.typeName?.name ?? "") || /^(db|tx)$/.test(first?.name ?? "");

const answersNothing = (variant: number) => variant % 4 === 3;

// Answers with one row made up from the columns, or with none.
function recorder(client: pg.Client, sites: Map<string, Site[]>, found: Map<string, Statement>, variant: number): Db {
  let asked = 0;
  const answer = async (text: string, at: { file: string; offset: number }, asArray = false) => {
    if (++asked > STATEMENTS_MAX) throw new Error("It asks for ever.");
    const site = (sites.get(at.file) ?? [])
      .filter(({ start, end }) => start <= at.offset && at.offset < end)
      .sort((a, b) => a.end - a.start - (b.end - b.start))[0];
    const { columns, problem } = await describe(client, text);
    found.set(`${at.file}:${site?.start} ${text}`, { site: site ?? null, file: at.file, text, columns, problem });
    const none = answersNothing(variant);
    const values = columns.map(({ name, sample }) => [name, sample] as const);
    const row = asArray ? values.map(([, value]) => value) : Object.fromEntries(values);
    return {
      rows: none ? [] : [row],
      rowCount: none ? 0 : 1,
      fields: columns.map(({ name, oid }) => ({ name, dataTypeID: oid })),
    };
  };
  let place = { file: "", offset: 0 };
  const query = (config: { text: string; rowMode?: string }) => answer(config.text, place, config.rowMode === "array");
  const builder = drizzle({ query } as unknown as pg.Client);
  const db: Db = new Proxy(builder, {
    get: (target, key) => {
      if (key === "transaction") return (within: (tx: Db) => unknown) => within(db);
      place = caller();
      const at = place;
      if (key === "execute") return (statement: SQL) => answer(dialect.sqlToQuery(statement).sql, at);
      return Reflect.get(target, key).bind(target);
    },
  });
  return db;
}

function caller(): { file: string; offset: number } {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 12;
  const frames = new Error().stack!.split("\n");
  Error.stackTraceLimit = limit;
  for (const frame of frames) {
    const [, file, line, column] = FRAME.exec(frame) ?? [];
    if (!file || file.startsWith("lib/db/rows") || file.includes("statements/")) continue;
    const lines = sourceOf(file)
      .text.split("\n")
      .slice(0, Number(line) - 1);
    return { file, offset: lines.reduce((sum, one) => sum + one.length + 1, 0) + Number(column) - 1 };
  }
  return { file: "?", offset: 0 };
}
