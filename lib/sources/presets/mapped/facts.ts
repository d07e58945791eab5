import type pg from "pg";
import { calledWords } from "../../../presets/call.rules";
import { withPlaces } from "../../../presets/fragment.rules";
import { type MapKind, mapKinds } from "../../../presets/map.rules";
import { type MapFacts, type RightFact, type SourceFacts, SourceProblem, type TableFacts } from "../../source";
import { inTransaction, poolOf } from "../postgres/connection";
import { type Asked, captureFacts, comparedFacts, orError } from "../postgres/facts";
import { selectConnectionFacts } from "../postgres/facts.sql";
import { problemOfCall } from "./call";
import type { Described } from "./columns";
import { describe, MapMistake, tried } from "./describe";
import { pollMapped, type Reading } from "./poll";
import { inWords } from "./problems";
import { selectOpen } from "./read.sql";
import { grantsOfMap, type MappedOptions, mapOf, openCondition, type Shape, shapeOf } from "./shape";

const PAGE = 100;
const OPEN_MAX = 10_000;
/** A look at what is open that takes longer than this is told, with the index that would help. */
const SLOW_MS = 100;

/** What a mapped source tells of itself, asked on connections of its own that are closed again. */
export async function mappedFacts(options: MappedOptions, { relations, isCaptured }: Asked): Promise<SourceFacts> {
  const observer = poolOf(options.url, "accord check");
  const actor = options.act ? poolOf(options.actUrl, "accord check") : null;
  const read: Reading = (work) => inTransaction(observer, "begin read only", work);
  try {
    const map = await orError(read((client) => mapFacts(client, options)));
    const shape =
      map instanceof Error || map.mistakes.length > 0 ? null : await orError(read((client) => shapeOf(client, options)));
    const usable = shape instanceof Error ? null : shape;
    return {
      observer: await orError(selectConnectionFacts(observer)),
      actor: actor && (await orError(selectConnectionFacts(actor))),
      observerTables: await orError(read((client) => rightsOf(client, options))),
      actorTables:
        actor && (await orError(inTransaction(actor, "begin read only", (client) => actsRights(client, options, usable, map)))),
      compared: await orError(comparedFacts(observer, relations)),
      capture: await orError(captureFacts(observer, isCaptured)),
      map: map instanceof Error || usable === null ? map : { ...map, ...(await slowness(read, usable)) },
      ...(options.call ? { call: { call: calledWords(options.call), problem: await problemOfCall(options.call) } } : {}),
      poll: await orError(
        polled(read, options).catch((error: unknown) => {
          throw inWords(error, options);
        }),
      ),
    };
  } finally {
    await Promise.all([observer.end(), actor?.end()]);
  }
}

async function polled(read: Reading, options: MappedOptions): Promise<{ ms: number }> {
  const startedAt = performance.now();
  await pollMapped(read, await read((client) => shapeOf(client, options)), null, null, PAGE);
  return { ms: performance.now() - startedAt };
}

/** Every field that the tables do not have, or not as it is meant: of each kind the first. */
async function mapFacts(client: pg.ClientBase, options: MappedOptions): Promise<MapFacts> {
  const { variant, map } = await mapOf(client, options);
  const mistakes: MapFacts["mistakes"] = [];
  for (const kind of mapKinds) {
    if (!map[kind]) continue;
    const mistake = await describe(client, map, kind, options.timeZone).then(
      () => null,
      (error: unknown) => error,
    );
    if (mistake instanceof MapMistake) mistakes.push({ kind: mistake.kind, field: mistake.field, why: mistake.why });
    // Which right is missing another check says; nobody knows yet whether the map fits.
    else if (isDenied(mistake))
      throw new SourceProblem("The map could not be tried, because the observer may not read the tables yet.");
    else if (mistake !== null) throw mistake;
  }
  return { variant, mistakes, notes: [] };
}

const isDenied = (error: unknown): error is Error => String((error as { code?: unknown } | null)?.code ?? "") === "42501";

async function rightsOf(client: pg.ClientBase, options: MappedOptions): Promise<TableFacts> {
  const { map: mapped } = await mapOf(client, options);
  const missing = [];
  for (const kind of mapKinds) {
    const from = mapped[kind]?.from;
    if (!from) continue;
    const denied = await refusedBy(client, `select 1 from ${from}`, kind, "from");
    if (denied) missing.push(await rightOf(client, denied, options, "observer"));
  }
  return {
    missing: distinct(missing),
    beyond: missing.length > 0 ? [] : await mayWrite(client, mapped),
    hidden: [],
    indexes: [],
    byInstaller: false,
  };
}

/** What the actor lacks for the statements of the map, each prepared as it will be run, with no row to run on. */
async function actsRights(
  client: pg.ClientBase,
  options: MappedOptions,
  shape: Shape | null,
  map: MapFacts | Error,
): Promise<TableFacts> {
  if (shape === null || map instanceof Error)
    throw new SourceProblem("Its statements are tried once the observer can read the tables by the map.");
  const missing: RightFact[] = [];
  const { letters, kinds } = shape;
  const at = kinds.dead_letters;
  for (const name of ["retry", "discard"] as const) {
    const text = letters?.[name];
    if (!text || !at) continue;
    const denied = await refusedBy(
      client,
      withPlaces(text, (place) => nullOf(place, at)),
      "dead_letters",
      name,
      map,
    );
    if (denied) missing.push(await rightOf(client, denied, options, "actor"));
  }
  return { missing: distinct(missing), beyond: [], hidden: [], indexes: [], byInstaller: false };
}

const nullOf = (place: string, at: Described): string =>
  place === "consumer" ? "null::text" : `null::${at.id[place === "id" ? 0 : Number(place.slice(2)) - 1]!.type.name}`;

/** The server's refusal for want of a right; a mistake of the map is put among `map`'s. */
async function refusedBy(
  client: pg.ClientBase,
  text: string,
  kind: MapKind,
  field: string,
  map?: MapFacts,
): Promise<Error | null> {
  try {
    await tried(client, text, () => new MapMistake(kind, field, ""));
    return null;
  } catch (error) {
    if (isDenied(error)) return error;
    if (error instanceof MapMistake) map?.mistakes.push({ kind, field, why: error.why });
    // A read-only transaction does not plan what writes, and says so only where it is allowed at all.
    else if (String((error as { code?: unknown }).code) !== "25006") throw error;
    return null;
  }
}

/** What the server said is missing, with every grant that the preset prints for this side. */
async function rightOf(
  client: pg.ClientBase,
  denied: Error,
  options: MappedOptions,
  side: "observer" | "actor",
): Promise<RightFact> {
  const { rows } = await client.query<{ role: string }>("select quote_ident(current_user) as role");
  const grants = await grantsOfMap(client, options, denied.message);
  return { right: denied.message, grant: grants[side].map((grant) => grant.replaceAll("ROLE", rows[0]!.role)).join("; ") };
}

const distinct = (facts: readonly RightFact[]): RightFact[] => [...new Map(facts.map((fact) => [fact.right, fact])).values()];

async function mayWrite(client: pg.ClientBase, map: Shape["map"]): Promise<string[]> {
  const relations = [...new Set(mapKinds.flatMap((kind) => map[kind]?.from.trim().split(/\s+/)[0] ?? []))];
  const { rows } = await client.query<{ relation: string }>({
    text: `select relation from unnest($1::text[]) relation where to_regclass(relation) is not null
      and has_table_privilege(to_regclass(relation), 'insert, update, delete, truncate')`,
    values: [relations],
  });
  return rows.map(({ relation }) => relation);
}

/** What is not read as it could be, and looks that take long. */
async function slowness(read: Reading, shape: Shape): Promise<Pick<MapFacts, "notes">> {
  const notes = [...shape.notes];
  for (const kind of ["dead_letters", "outbox", "sagas"] as const) {
    const at = shape.kinds[kind];
    const condition = openCondition(shape, kind);
    if (!at || condition === null) continue;
    const startedAt = performance.now();
    await read((client) => selectOpen(client, at, condition, OPEN_MAX, undefined));
    const ms = Math.round(performance.now() - startedAt);
    if (ms > SLOW_MS)
      notes.push(
        `A look at what is open in ${at.from.relation} takes ${ms} ms: create index concurrently on ${at.from.relation} (…) where ${condition}; would make it one small read. Until then it is made less often.`,
      );
  }
  return { notes };
}
