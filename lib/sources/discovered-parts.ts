import { stringify } from "yaml";
import { abilitiesOf } from "../presets/abilities.rules";
import { GENERIC, placeOf } from "../presets/known.rules";
import type { SourceMap } from "../presets/map.rules";
import { counted } from "../words";
import { presetTitle, recordedWords } from "./abilities-words";
import type { Copy, Discovered } from "./discover";
import type { Business, FoundFramework, Shaped } from "./discover.rules";
import { comment, identifier, relationOf } from "./starter";
import type { Recognised } from "./views";

const block = (value: unknown, indent: string): string => stringify(value, { lineWidth: 0 }).trimEnd().replace(/^/gm, indent);

/** What one database comes to: its lines of `sources:`, the rights that they take, and what was recognised. */
export type Part = { lines: string[]; grants: string[]; recognised: Recognised[] };

/** Every source that one database would be. */
export function sourcesOf(one: Discovered, copies: readonly Copy[]): Part {
  const parts: Part[] = [];
  const known = one.frameworks.filter(({ variant }) => variant !== null);
  const mapped = one.shaped.filter(({ fields, kind }) => kind !== "dead_letters" || fields.parked !== undefined);
  const many = known.length + one.native.length + (mapped.length > 0 ? 1 : 0) > 1;
  for (const schema of one.native) parts.push(nativePart(one, schema, many));
  for (const found of known) parts.push(frameworkPart(one, found, many));
  if (mapped.length > 0) parts.push(mapPart(one, mapped, many));
  const compared = copies.flatMap(({ authority, projection }) => [authority, projection]).filter(({ at }) => at === one.at);
  // A rule names a database: the one source that it is, or one beside those that its frameworks are.
  if (compared.length > 0) {
    const part = tablesPart(
      one,
      compared.map(({ table }) => table),
    );
    parts.push(parts.length === 1 ? { ...part, lines: [], recognised: [] } : part);
  }
  if (parts.length === 0)
    parts.push({
      lines: [comment(`${one.at}: nothing was recognised among ${counted(one.look.tablesN, "table")}.`, "  ")],
      ...{ grants: [], recognised: [] },
    });
  return {
    lines: parts.flatMap(({ lines }) => lines),
    grants: parts.flatMap(({ grants }) => grants),
    recognised: parts.flatMap(({ recognised }) => recognised),
  };
}

const head = (one: Discovered, id: string, reason: string, preset: string, acts: boolean): string[] => [
  `  ${id}:`,
  comment(reason, "    "),
  `    service: ${id}`,
  `    preset: ${preset}`,
  `    url: ${variable(one.variable)}`,
  ...(acts ? [] : ["    act: false"]),
];
const variable = (name: string): string => ["$", "{", name, "}"].join("");
const nameOf = (one: Discovered, many: boolean, more: string): string => (many ? `${one.at}-${more}` : one.at);

function nativePart(one: Discovered, schema: string, many: boolean): Part {
  const sourceId = nameOf(one, many, "native");
  const reason = `Accord's own tables in the schema ${schema}`;
  return {
    lines: [
      ...head(one, sourceId, `certain: ${reason}`, "native", true),
      ...(schema === "messaging" ? [] : [`    schema: ${schema}`]),
    ],
    grants: [`-- ${one.at}: npm run source:install prints and gives the rights on Accord's own tables`],
    recognised: [
      {
        ...{ sourceId, preset: "native", title: presetTitle({ preset: "native" }), variant: null, confidence: "certain", reason },
        ...{ seen: ["Everything that Accord knows to show."], unseen: [] },
      },
    ],
  };
}

function frameworkPart(one: Discovered, { preset, schema, variant, tables }: FoundFramework, many: boolean): Part {
  const place = placeOf(schema, "UTC");
  const map = variant!.map(place);
  const abilities = abilitiesOf(map, preset.derived);
  const told = recordedWords({ preset: preset.name, abilities, variant: null, notes: [] })!;
  const acts = abilities.deadLetters?.retry ?? false;
  const { observer, actor } = variant!.grants(place);
  const key =
    abilities.deadLetters && !abilities.deadLetters.key
      ? ["    # dead_letters: { key: … }   # the path of your own business key"]
      : [];
  const sourceId = nameOf(one, many, preset.name);
  const reason = `by ${tables.join(", ")} in the schema ${schema}`;
  return {
    lines: [
      ...head(one, sourceId, `certain: ${preset.title}, ${variant!.name}, ${reason}`, preset.name, acts),
      ...(schema === preset.schema
        ? []
        : [`    schema: ${/^[A-Za-z_][\w$]{0,62}$/.test(schema) ? schema : JSON.stringify(schema)}`]),
      ...key,
      ...told.seen.map((sentence) => comment(`seen: ${sentence}`, "    ")),
      ...told.unseen.map((sentence) => comment(`not: ${sentence}`, "    ")),
    ],
    grants: [
      ...observer.map((grant) => grant.replaceAll("ROLE", "accord_observer")),
      ...actor.map((grant) => grant.replaceAll("ROLE", "accord_actor")),
    ].map((grant) => `${grant};`),
    recognised: [
      {
        ...{ sourceId, preset: preset.name, title: preset.title, variant: variant!.name, confidence: "certain", reason },
        ...{ seen: told.seen, unseen: told.unseen },
      },
    ],
  };
}

function mapPart(one: Discovered, shaped: readonly Shaped[], many: boolean): Part {
  const kinds = (["outbox", "inbox", "dead_letters"] as const).flatMap((kind) => {
    const [best, ...others] = [...shaped.filter((each) => each.kind === kind)].sort(
      (a, b) => Number(b.confidence === "likely") - Number(a.confidence === "likely"),
    );
    return best ? [{ best, others }] : [];
  });
  const sourceId = nameOf(one, many, "mapped");
  const lines = kinds.flatMap(({ best, others }) => [
    comment(
      `${best.confidence}: ${best.relation.schema}.${best.relation.name} is ${kindWords[best.kind]}, by ${best.reason}`,
      "    ",
    ),
    ...others.map(({ relation }) => comment(`also looks like one: ${relation.schema}.${relation.name}`, "    ")),
    block({ [best.kind]: best.fields }, "    "),
    ...(best.kind === "dead_letters"
      ? [comment("retry: update … where id = :id   # what your own code does to try it again", "      ")]
      : []),
  ]);
  const relations = [...new Set(kinds.map(({ best }) => best.fields.from!.replace(/ t$/, "")))];
  return {
    lines: [
      ...head(one, sourceId, "tables of nobody's framework: read the map before you rely on it", "generic", false),
      ...lines,
    ],
    grants: [
      ...new Set(relations.map((relation) => `grant usage on schema ${relation.split(".")[0]} to accord_observer;`)),
      ...relations.map((relation) => `grant select on ${relation} to accord_observer;`),
    ],
    recognised: kinds.map(({ best }) => mappedTable(sourceId, best)),
  };
}

/** A table that would be mapped, with what such a map would tell. */
function mappedTable(sourceId: string, { kind, relation: { schema, name }, confidence, reason, fields }: Shaped): Recognised {
  const of = (map: SourceMap) => recordedWords({ preset: GENERIC, abilities: abilitiesOf(map), variant: null, notes: [] })!;
  const told = of({ [kind]: fields });
  // What other kinds of tables would tell is told of them.
  const others = new Set(of({}).unseen);
  return {
    ...{ sourceId, preset: GENERIC, title: `${schema}.${name}`, variant: null, confidence },
    reason: `${kindWords[kind]}, by ${reason}`,
    ...{ seen: told.seen, unseen: told.unseen.filter((sentence) => !others.has(sentence)) },
  };
}

const kindWords = { outbox: "an outbox", inbox: "an inbox", dead_letters: "a table of dead letters" };

function tablesPart(one: Discovered, tables: readonly Business[]): Part {
  const names = [...new Set(tables.map(relationOf))];
  const schemas = [...new Set(tables.map(({ relation: { schema } }) => identifier(schema)))];
  const reason = `business tables only: ${names.join(", ")}, which a rule compares`;
  return {
    lines: head(one, one.at, reason, "tables", false),
    grants: [
      ...schemas.map((schema) => `grant usage on schema ${schema} to accord_observer;`),
      ...names.map((name) => `grant select on ${name} to accord_observer;`),
    ],
    recognised: [
      {
        ...{
          sourceId: one.at,
          preset: "tables",
          title: presetTitle({ preset: "tables" }),
          variant: null,
          confidence: "likely",
          reason,
        },
        seen: ["Where a row differs from the row that it is a copy of, or is missing."],
        unseen: ["Messages and jobs are not recorded: nothing is ever shown as parked or as waiting."],
      },
    ],
  };
}
