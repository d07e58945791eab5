import type pg from "pg";
import { type Abilities, abilitiesOf } from "../../../presets/abilities.rules";
import { type ServiceCall, withCall } from "../../../presets/call.rules";
import { type Catalogue, holds } from "../../../presets/catalogue.rules";
import { frameworkOf, placeOf } from "../../../presets/known.rules";
import {
  type LettersMap,
  mapKinds,
  merged,
  type OutboxMap,
  type PartialMap,
  type SagasMap,
  type SourceMap,
} from "../../../presets/map.rules";
import { SourceProblem } from "../../source";
import type { Described } from "./columns";
import { describe } from "./describe";
import { type Way, wayOf } from "./kept";
import { selectTable } from "./read.sql";

export type MappedOptions = {
  url: string;
  actUrl: string;
  act: boolean;
  preset: string;
  schema: string;
  timeZone: string;
  map: PartialMap;
  call?: ServiceCall | null;
  abilities: Abilities;
};

/** The tables of a source as they are read: the map with its variant, each kind with its types and its way. */
export type Shape = {
  variant: string | null;
  abilities: Abilities;
  map: SourceMap;
  kinds: { [K in keyof SourceMap]?: Described };
  ways: { outbox: Way; inbox: Way };
  notes: string[];
  letters: LettersMap | null;
  outbox: OutboxMap | null;
  sagas: SagasMap | null;
};

/** The tables of a framework are not those that any of its known versions makes. */
export class UnknownVariant extends SourceProblem {}

/** Finds out how a source is to be read; asked once, and again when its tables were changed. The caller holds the transaction. */
export async function shapeOf(client: pg.ClientBase, options: MappedOptions): Promise<Shape> {
  const { variant, map } = await mapOf(client, options);
  const kinds: Shape["kinds"] = {};
  for (const kind of mapKinds) if (map[kind]) kinds[kind] = await describe(client, map, kind, options.timeZone);
  const notes: string[] = [];
  const way = async (kind: "outbox" | "inbox"): Promise<Way> => {
    const at = kinds[kind];
    // What waits there is read anew each time, and what is over leaves no mark.
    if (!at || (kind === "outbox" && map.outbox!.pending !== undefined && map.outbox!.published === undefined)) return null;
    const found = wayOf(at, await selectTable(client, at.from.relation));
    if (found.note) notes.push(found.note);
    return found.way;
  };
  const ways = { outbox: await way("outbox"), inbox: await way("inbox") };
  return {
    abilities: withCall(abilitiesOf(map, frameworkOf(options.preset)?.derived), options.call ?? null),
    variant,
    map,
    kinds,
    ways,
    notes,
    letters: map.dead_letters ?? null,
    outbox: map.outbox ?? null,
    sagas: map.sagas ?? null,
  };
}

/** The least rights for this source: those that its framework's preset prints, or what the server says is missing. */
export async function grantsOfMap(
  client: pg.ClientBase,
  options: MappedOptions,
  denied: string,
): Promise<{ observer: readonly string[]; actor: readonly string[] }> {
  const framework = frameworkOf(options.preset);
  if (framework) {
    const { variant } = await mapOf(client, options);
    return framework.variants.find(({ name }) => name === variant)!.grants(placeOf(options.schema, options.timeZone));
  }
  const [, what, name] = /permission denied for (table|view|schema|function|sequence) (\S+)/.exec(denied) ?? [];
  if (what === "schema")
    return { observer: [`grant usage on schema ${name} to ROLE`], actor: [`grant usage on schema ${name} to ROLE`] };
  if (what === "function") return { observer: [], actor: [`grant execute on function ${name} to ROLE`] };
  return {
    observer: [`grant select on ${name} to ROLE`],
    actor: [`grant select on ${name} to ROLE`, `grant update (the columns that retry and discard set) on ${name} to ROLE`],
  };
}

/** The map with its variant, as the catalogue of the database tells it. */
export async function mapOf(
  client: pg.ClientBase,
  { preset, schema, timeZone, map }: MappedOptions,
): Promise<{ variant: string | null; map: SourceMap }> {
  const framework = frameworkOf(preset);
  // The linter has seen that nothing is missing.
  if (!framework) return { variant: null, map: map as SourceMap };
  const catalogue = await selectCatalogue(client, schema);
  const variant = framework.variants.find(({ needs }) => holds(catalogue, schema, needs));
  if (!variant) {
    const found = catalogue.map(({ name, columns }) => `${name} (${[...columns.keys()].slice(0, 12).join(", ")})`).slice(0, 6);
    const known = framework.variants.map(
      ({ name, needs }) => `${name}: ${needs.map(({ table, has }) => `${table} with ${has.join(", ")}`).join("; ")}`,
    );
    throw new UnknownVariant(
      `The schema ${schema} holds no tables of ${framework.title} that Accord knows. Found: ${found.join("; ") || "no table that this role may read"}. Known: ${known.join(" · ")}.`,
    );
  }
  return { variant: variant.name, map: merged(variant.map(placeOf(schema, timeZone)), map) as SourceMap };
}

/** Tables and views of a schema with their columns, in the order of their names. */
export async function selectCatalogue(client: pg.ClientBase, schema: string): Promise<Catalogue> {
  const { rows } = await client.query<{ name: string; columns: [string, string][] }>({
    text: `select c.relname::text as name, json_agg(json_build_array(a.attname, format_type(a.atttypid, null)) order by a.attnum) as columns
      from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where n.nspname = $1 and c.relkind in ('r', 'v', 'm', 'p', 'f') group by c.oid, c.relname order by c.relname limit 500`,
    values: [schema],
  });
  return rows.map(({ name, columns }) => ({ schema, name, columns: new Map(columns) }));
}

/** What lies open, as a condition; null where the source has no such table or never marks what is over. */
export function openCondition(
  { letters, outbox, sagas }: Pick<Shape, "letters" | "outbox" | "sagas">,
  kind: "dead_letters" | "outbox" | "sagas",
): string | null {
  if (kind === "dead_letters") return letters?.parked ?? null;
  if (kind === "outbox") return outbox ? (outbox.pending ?? (outbox.published ? `(${outbox.published}) is null` : null)) : null;
  return sagas ? (sagas.open ?? `coalesce((${sagas.state})::text, 'running') not in ('completed', 'compensated')`) : null;
}
