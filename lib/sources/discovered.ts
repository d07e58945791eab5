import { stringify } from "yaml";
import { abilitiesOf } from "../presets/abilities.rules";
import { placeOf } from "../presets/known.rules";
import { counted } from "../words";
import { recordedWords } from "./abilities-words";
import type { Copy, Discovered, Discovery } from "./discover";
import { type Business, changedAtOf, type FoundFramework, type Shaped } from "./discover.rules";

/** The files that a discovery suggests, as text with its reasons as comments, and the grants that they take. */
export type Suggested = { accord: string; contracts: Record<string, string>; grants: string[] };

const comment = (text: string, indent = ""): string => text.replace(/^/gm, `${indent}# `);
const block = (value: unknown, indent: string): string => stringify(value, { lineWidth: 0 }).trimEnd().replace(/^/gm, indent);

/** A framework whose tables stand there in a shape that nobody knows. */
const unknownWords = ({ at }: Discovered, { preset, schema, tables }: FoundFramework): string =>
  `${at}: ${schema} has ${tables.join(", ")} of ${preset.title}, in a shape that no known version makes (${preset.variants.map(({ name }) => name).join(", ")}).`;

/** Everything that could not be decided, or was left out, in whole sentences. */
export function undecided({ databases, left }: Discovery): string[] {
  return [
    ...left,
    ...databases.flatMap((one) => [
      ...(one.look.standby ? [`${one.at} is a standby, which is no source: give the address of the primary.`] : []),
      ...one.frameworks.flatMap((found) => (found.variant === null ? [unknownWords(one, found)] : [])),
      ...one.shaped
        .filter(({ kind, fields }) => kind === "dead_letters" && fields.parked === undefined)
        .map(
          ({ relation }) =>
            `${one.at}: which value of its status says that a row of ${relation.schema}.${relation.name} is parked; map parked: by hand.`,
        ),
      ...(one.look.tablesN === 0 ? [`${one.at} has no table that this login may know of.`] : []),
    ]),
  ];
}

/** The configuration that a discovery suggests. */
export function suggested(discovery: Discovery): Suggested {
  const sources = discovery.databases.map((one) => sourcesOf(one, discovery.copies));
  const contract = contractOf(discovery.copies);
  const lines = [
    "version: 1",
    "environment: production",
    "sources:",
    ...sources.flatMap(({ lines }) => lines),
    "contracts: ./contracts",
    "",
  ];
  return {
    accord: lines.join("\n"),
    contracts: contract === null ? {} : { "contracts/copies.yaml": contract },
    grants: sources.flatMap(({ grants }) => grants),
  };
}

type Part = { lines: string[]; grants: string[] };

function sourcesOf(one: Discovered, copies: readonly Copy[]): Part {
  const parts: Part[] = [];
  const known = one.frameworks.filter(({ variant }) => variant !== null);
  const mapped = one.shaped.filter(({ fields, kind }) => kind !== "dead_letters" || fields.parked !== undefined);
  const many = known.length + one.native.length + (mapped.length > 0 ? 1 : 0) > 1;
  for (const schema of one.native) parts.push(nativePart(one, schema, many));
  for (const found of known) parts.push(frameworkPart(one, found, many));
  if (mapped.length > 0) parts.push(mapPart(one, mapped, many));
  const compared = copies.flatMap(({ authority, projection }) => [authority, projection]).filter(({ at }) => at === one.at);
  if (parts.length === 0 && compared.length > 0)
    parts.push(
      tablesPart(
        one,
        compared.map(({ table }) => table),
      ),
    );
  if (parts.length === 0)
    parts.push({
      lines: [comment(`${one.at}: nothing was recognised among ${counted(one.look.tablesN, "table")}.`, "  ")],
      grants: [],
    });
  return { lines: parts.flatMap(({ lines }) => lines), grants: parts.flatMap(({ grants }) => grants) };
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

const nativePart = (one: Discovered, schema: string, many: boolean): Part => ({
  lines: [
    ...head(one, nameOf(one, many, "native"), `certain: Accord's own tables in the schema ${schema}`, "native", true),
    ...(schema === "messaging" ? [] : [`    schema: ${schema}`]),
  ],
  grants: [`-- ${one.at}: npm run source:install prints and gives the rights on Accord's own tables`],
});

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
  return {
    lines: [
      ...head(
        one,
        nameOf(one, many, preset.name),
        `certain: ${preset.title}, ${variant!.name}, by ${tables.join(", ")} in the schema ${schema}`,
        preset.name,
        acts,
      ),
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
  };
}

function mapPart(one: Discovered, shaped: readonly Shaped[], many: boolean): Part {
  const kinds = (["outbox", "inbox", "dead_letters"] as const).flatMap((kind) => {
    const [best, ...others] = [...shaped.filter((each) => each.kind === kind)].sort(
      (a, b) => Number(b.confidence === "likely") - Number(a.confidence === "likely"),
    );
    return best ? [{ best, others }] : [];
  });
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
      ...head(
        one,
        nameOf(one, many, "mapped"),
        "tables of nobody's framework: read the map before you rely on it",
        "generic",
        false,
      ),
      ...lines,
    ],
    grants: [
      ...new Set(relations.map((relation) => `grant usage on schema ${relation.split(".")[0]} to accord_observer;`)),
      ...relations.map((relation) => `grant select on ${relation} to accord_observer;`),
    ],
  };
}

const kindWords = { outbox: "an outbox", inbox: "an inbox", dead_letters: "a table of dead letters" };

function tablesPart(one: Discovered, tables: readonly Business[]): Part {
  const names = [...new Set(tables.map(relationOf))];
  return {
    lines: head(one, one.at, `business tables only: ${names.join(", ")}, which a rule compares`, "tables", false),
    grants: names.map((name) => `grant select on ${name} to accord_observer;`),
  };
}

const relationOf = ({ relation: { schema, name } }: Business): string => {
  const part = (text: string) => (/^[a-z_][a-z0-9_]*$/.test(text) ? text : `"${text}"`);
  return schema === "public" ? part(name) : `${part(schema)}.${part(name)}`;
};

/** A contract to begin with: a rule for each pair of tables that share keys; null where there is none. */
function contractOf(copies: readonly Copy[]): string | null {
  if (copies.length === 0) return null;
  const side = ({ at, table }: Copy["authority"], columns: readonly string[]) => ({
    ...{ source: at, relation: relationOf(table), key: table.key, columns },
    ...(changedAtOf(table.relation) ? { changed_at: changedAtOf(table.relation) } : {}),
  });
  const rules = copies.map((copy) => ({
    rule: `${copy.projection.table.relation.name}-agrees`.toLowerCase().replace(/[^a-z0-9_-]+/g, "-"),
    every: "15m",
    authority: side(copy.authority, copy.shared),
    projection: side(copy.projection, copy.shared),
    repair: "case",
  }));
  const names = new Map<string, number>();
  for (const rule of rules) {
    const n = (names.get(rule.rule) ?? 0) + 1;
    names.set(rule.rule, n);
    if (n > 1) rule.rule = `${rule.rule}-${n}`;
  }
  const reasons = copies.map(
    ({ authority, projection, both, of }) =>
      `${relationOf(projection.table)} of ${projection.at} has ${both} of ${of} sampled keys of ${relationOf(authority.table)} of ${authority.at}`,
  );
  const facts = [
    ...new Map(
      copies.map((copy) => [
        relationOf(copy.authority.table),
        { fact: relationOf(copy.authority.table), authority: copy.authority.at },
      ]),
    ).values(),
  ];
  const contract = {
    ...{ version: 1, zone: "copies", title: "Copies", promise: "What one service knows of another's rows is what they say." },
    ...{
      facts,
      expectation: { class: "reconciliation-only", window: "15m" },
      recovery: { reconciliation: rules },
      accountability: { owner: "nobody-yet" },
    },
  };
  return `${reasons.map((reason) => comment(reason)).join("\n")}\n${comment("Which side is the authority is a guess by names and sizes: turn it round where it is wrong, and give it an owner.")}\n${stringify(contract, { lineWidth: 0 })}`;
}
