import { parametersOf } from "../presets/fragment.rules";
import { frameworkOf, GENERIC, placeOf, schemaOf, takesMap } from "../presets/known.rules";
import { type MapKind, mapFields, mapKinds, merged, type PartialMap, type SourceMap } from "../presets/map.rules";
import { listed } from "../words";
import type { Path } from "./path.rules";
import type { AccordInput } from "./shape-sources";

type SourceInput = AccordInput["sources"][string];

/** What a source says of its tables, with an error's parts each under its own name. */
export function normalMap(source: SourceInput): PartialMap {
  const kinds = mapKinds.flatMap((kind) => (source[kind] === undefined ? [] : [[kind, withoutUndefined(source[kind])] as const]));
  const map = Object.fromEntries(kinds) as PartialMap;
  const written = source.dead_letters?.error;
  if (written === undefined || typeof written === "string") return map;
  const { error: _, ...letters } = map.dead_letters!;
  const parts = { error_type: written.type, error: written.message, stack: written.stack };
  return { ...map, dead_letters: { ...letters, ...withoutUndefined(parts) } };
}

const withoutUndefined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;

type Found = { path: Path; message: string };

/** What is wrong with how sources map their tables, beyond the form of each field. */
export function mapProblems(input: AccordInput): Found[] {
  return Object.entries(input.sources).flatMap(([sourceId, source]) =>
    problemsOf(source).map(({ path, message }) => ({ path: ["sources", sourceId, ...path], message })),
  );
}

function problemsOf(source: SourceInput): Found[] {
  const preset = source.preset ?? "native";
  const map = normalMap(source);
  const written = mapKinds.filter((kind) => map[kind] !== undefined);
  if (!takesMap(preset))
    return written.map((kind) => ({
      path: [kind],
      message: `Expected no ${kind} beside preset ${preset}, whose tables are known: use preset ${GENERIC} to map tables of your own.`,
    }));
  if (preset === GENERIC && written.length === 0)
    return [
      {
        path: ["preset"],
        message: `Expected one of ${listed([...mapKinds])} beside preset ${GENERIC}, found none: it reads what is mapped.`,
      },
    ];
  return [...missing(preset, source, map), ...parameters(map), ...lonely(preset, source, map)];
}

/** Fields without which a kind means nothing, where neither the configuration nor the preset gives them. */
function missing(preset: string, source: SourceInput, map: PartialMap): Found[] {
  const place = placeOf(source.schema ?? schemaOf(preset), source.time_zone ?? "UTC");
  // Which variant stands in the database is found out there: what one of them gives may be left out.
  const bases: SourceMap[] = frameworkOf(preset)?.variants.map((variant) => variant.map(place)) ?? [{}];
  return mapKinds.flatMap((kind) => {
    if (map[kind] === undefined) return [];
    const needed = Object.entries(mapFields[kind]).flatMap(([name, isNeeded]) => (isNeeded ? [name] : []));
    const gaps = bases.map((base) => needed.filter((name) => !Object.hasOwn(merged(base, map)[kind] ?? {}, name)));
    const least = gaps.reduce((a, b) => (b.length < a.length ? b : a));
    return least.map((name) => ({ path: [kind, name], message: `${name} is missing: expected ${wordsOf(kind, name)}.` }));
  });
}

const wordsOf = (kind: MapKind, name: string): string =>
  name === "from"
    ? "the table, with an alias, such as app.job t"
    : name === "parked"
      ? "a condition over the row such as t.state = 9"
      : `a column or an SQL expression that gives the ${name} of ${kind}`;

const takenBy = { retry: ["consumer"], discard: ["consumer"], outcome: ["consumer"] } as const;

/** Statements name the row that they are for, and nothing that is not given to them. */
function parameters({ dead_letters: letters }: PartialMap): Found[] {
  if (!letters) return [];
  const parts = Array.isArray(letters.id) ? letters.id.length : 1;
  const ids = parts === 1 ? ["id"] : Array.from({ length: parts }, (_, i) => `id${i + 1}`);
  return (Object.keys(takenBy) as (keyof typeof takenBy)[]).flatMap((name): Found[] => {
    const statement = letters[name];
    if (typeof statement !== "string") return [];
    const known: string[] = [...ids, ...takenBy[name]];
    const used = parametersOf(statement);
    const unknown = used.find((parameter) => !known.includes(parameter));
    const path = ["dead_letters", name];
    if (unknown)
      return [{ path, message: `Expected only ${listed(known.map((one) => `:${one}`))} as parameters, found :${unknown}.` }];
    const left = ids.filter((id) => !used.includes(id));
    if (left.length > 0)
      return [
        {
          path,
          message: `Expected ${listed(left.map((one) => `:${one}`))} in the statement, which names the one row that it is for.`,
        },
      ];
    return [];
  });
}

/** What means nothing without another. */
function lonely(preset: string, source: SourceInput, map: PartialMap): Found[] {
  const found: Found[] = [];
  const { dead_letters: letters, steps, sagas } = map;
  if (preset === GENERIC && steps && !sagas)
    found.push({ path: ["steps"], message: "Expected sagas beside steps: a step belongs to a saga." });
  if (letters?.outcome !== undefined && letters.retry === undefined && preset === GENERIC)
    found.push({ path: ["dead_letters", "outcome"], message: "Expected retry beside outcome: it tells how a retry ended." });
  if (source.act === false && letters?.retry !== undefined)
    found.push({ path: ["dead_letters", "retry"], message: "Expected no retry where act is false: nothing would ever run it." });
  return found;
}
