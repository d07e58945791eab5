import type pg from "pg";
import { expressionOf, fromOf } from "../../../presets/fragment.rules";
import { type EpochUnit, type MapKind, mapFields, type PartialMap } from "../../../presets/map.rules";
import { SourceProblem } from "../../source";
import { type Described, type FieldType, timeFields, timeProblem } from "./columns";

/** A field of the map that the database does not take, or that cannot be what it should: which one, and why. */
export class MapMistake extends SourceProblem {
  constructor(
    readonly kind: MapKind,
    readonly field: string,
    readonly why: string,
  ) {
    super(`The map does not fit the tables: ${kind}.${field}: ${why}.`);
  }
}

type Mapped = Record<string, unknown> & { from: string };

// Conditions are asked for as they will be used; what is no row's own is no field.
const CONDITIONS = new Set(["parked", "done", "pending", "open"]);

/** Asks the database what each field of a kind gives. Nothing is read: the statement finds no row by its form. */
export async function describe(client: pg.ClientBase, map: PartialMap, kind: MapKind, timeZone: string): Promise<Described> {
  const mapped = map[kind] as Mapped;
  const from = fromOf(mapped.from);
  if (!from) throw new MapMistake(kind, "from", "does not begin with the name of a table");
  const names = Object.keys(mapFields[kind]).filter((name) => name !== "from" && typeof mapped[name] === "string");
  const written = new Map(names.map((name) => [name, expressionOf(mapped[name] as string)]));
  const ids = (Array.isArray(mapped.id) ? (mapped.id as string[]) : [mapped[kind === "steps" ? "saga" : "id"] as string]).map(
    expressionOf,
  );
  await tried(client, `select 1 from ${mapped.from}`, () => new MapMistake(kind, "from", ""));
  const all = [
    ...[...written].map(([name, expression]) => ({ name, expression })),
    ...ids.map((expression) => ({ name: "id", expression })),
  ];
  const types = await typesOf(client, mapped.from, all, kind);
  const epoch = (mapped.epoch as EpochUnit | undefined) ?? null;
  const fields = new Map([...written].map(([name, expression], i) => [name, { expression, type: types[i]! }]));
  for (const [name, { type }] of fields) {
    const problem = timeFields.has(name) ? timeProblem(name, type, epoch) : null;
    if (problem) throw new MapMistake(kind, name, problem);
    if (CONDITIONS.has(name) && type.name !== "boolean")
      throw new MapMistake(kind, name, `is ${type.name} and no condition, which is true or false`);
  }
  const own = await ownColumns(client, mapped.from, from.alias);
  return {
    ...{ kind, from, fields, epoch, timeZone },
    id: ids.map((expression, i) => ({ expression, type: types[written.size + i]! })),
    xmin: own ? `${from.alias}.xmin` : null,
    ctid: own ? `${from.alias}.ctid` : null,
  };
}

/** The types of expressions over the rows of `from`; the first that the database does not take is named. */
async function typesOf(
  client: pg.ClientBase,
  from: string,
  fields: readonly { name: string; expression: string }[],
  kind: MapKind,
): Promise<FieldType[]> {
  const asked = (list: readonly { expression: string }[]) =>
    client.query({
      text: `select ${list.map(({ expression }, i) => `${expression} as f${i}`).join(",\n  ")}\n from ${from}\n limit 0`,
      rowMode: "array",
    });
  let oids: number[];
  await client.query("savepoint described");
  try {
    oids = (await asked(fields)).fields.map((field) => field.dataTypeID);
    await client.query("release savepoint described");
  } catch (error) {
    await client.query("rollback to savepoint described");
    for (const field of fields)
      await tried(client, `select ${field.expression} from ${from}`, () => new MapMistake(kind, field.name, ""));
    throw error;
  }
  const { rows } = await client.query<{ name: string }>(
    "select format_type(o, null) as name from unnest($1::oid[]) with ordinality u(o, i) order by i",
    [oids],
  );
  return oids.map((oid, i) => ({ oid, name: rows[i]!.name }));
}

/** Prepares a statement without running it; what the database says against it becomes the mistake's reason. */
export async function tried(client: pg.ClientBase, text: string, mistake: () => MapMistake): Promise<void> {
  await client.query("savepoint tried");
  try {
    await client.query(`explain (costs off) ${text}`);
    await client.query("release savepoint tried");
  } catch (error) {
    await client.query("rollback to savepoint tried");
    const code = String((error as { code?: unknown }).code ?? "");
    // Of syntax (42), types and values (22): what the configuration can mend. Rights and broken connections speak for themselves.
    if (!/^(42(?!501)|22|0A)/.test(code)) throw error;
    const { kind, field } = mistake();
    throw new MapMistake(kind, field, error instanceof Error ? error.message : String(error));
  }
}

/** Whether the first of the tables is one, with the columns that every table has. */
async function ownColumns(client: pg.ClientBase, from: string, alias: string): Promise<boolean> {
  await client.query("savepoint own");
  try {
    await client.query(`explain (costs off) select ${alias}.xmin, ${alias}.ctid from ${from}`);
    await client.query("release savepoint own");
    return true;
  } catch (error) {
    await client.query("rollback to savepoint own");
    if (!/^42/.test(String((error as { code?: unknown }).code))) throw error;
    return false;
  }
}
