import { stringify } from "yaml";
import type { Copy } from "./discover";
import { type Business, changedAtOf } from "./discover.rules";

/** A text as a comment of YAML. */
export const comment = (text: string, indent = ""): string => text.replace(/^/gm, `${indent}# `);

/** A name as SQL takes it. */
export const identifier = (name: string): string => (/^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name}"`);

/** A table as rules name it. */
export const relationOf = ({ relation: { schema, name } }: Business): string =>
  schema === "public" ? identifier(name) : `${identifier(schema)}.${identifier(name)}`;

/** Why two tables are taken for copies, in a sentence without its full stop. */
export const copyWords = ({ authority, projection, both, of }: Copy): string =>
  `${relationOf(projection.table)} of ${projection.at} has ${both} of ${of} sampled keys of ${relationOf(authority.table)} of ${authority.at}`;

/** A contract to begin with: a rule for each pair of tables that share keys; null where there is none. */
export function contractOf(copies: readonly Copy[]): string | null {
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
  return `${copies.map((copy) => comment(copyWords(copy))).join("\n")}\n${comment("Which side is the authority is a guess by names and sizes: turn it round where it is wrong, and give it an owner.")}\n${stringify(contract, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}

/** A contract that lets sources be read before anybody has said what their events mean. */
export function firstContract(sourceIds: readonly string[]): string {
  const contract = {
    ...{ version: 1, zone: "first", title: "First zone", promise: "What these services are asked to do is done." },
    facts: sourceIds.map((sourceId) => ({ fact: `work of ${sourceId}`, authority: sourceId })),
    expectation: { class: "eventual", window: "15m" },
    accountability: { owner: "nobody-yet" },
  };
  return `${comment("What events mean no table tells. Name them under semantics: events:, and what is parked of them stands in this zone; until then administrators see it without a zone. Give it an owner.")}\n${stringify(contract, { lineWidth: 0 })}`;
}
