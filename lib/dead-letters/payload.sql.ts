import { type SQL, sql } from "drizzle-orm";
import type { PathStep } from "./payload-path.rules";
import type { Compare } from "./query-fields.rules";

/** A value as JSON may hold it: as text, and as what else it may be read as. */
function readings(value: string): unknown[] {
  if (value === "true" || value === "false") return [value, value === "true"];
  if (value === "null") return [value, null];
  return [value];
}

const NUMBER = /^-?(?:0|[1-9]\d{0,39})(?:\.\d{1,39})?$/;
// Written by hand, so that a long number keeps its digits.
const jsonOf = (value: string): string[] => [
  ...readings(value).map((each) => JSON.stringify(each)),
  ...(NUMBER.test(value) ? [value] : []),
];

/** A document that holds the value at the path and nothing else, for the index of what a payload contains. */
const containing = (path: readonly PathStep[], json: string): string =>
  path.reduceRight((inner, step) => ("name" in step ? `{${JSON.stringify(step.name)}:${inner}}` : `[${inner}]`), json);

/**
 * The path as PostgreSQL writes it, each step a condition of the one before: strict, since a lax one would step into lists by itself and find
 * what another path masks, and within conditions what is missing is no match and no error.
 */
function jsonPath(path: readonly PathStep[], condition: string): string {
  const at = (step: PathStep) => ("name" in step ? `.${JSON.stringify(step.name)}` : `[${step.index}]`);
  return `strict $ ? (${path.reduceRight((inner, step) => `exists(@${at(step)} ? (${inner}))`, condition)})`;
}

/** Whether a payload has one of the values at a path, or a number that compares so; null where there is none. */
export function payloadMatches(payload: SQL, path: readonly PathStep[], compare: Compare, values: readonly string[]): SQL {
  const found = (condition: string) => sql`jsonb_path_exists(${payload}, ${jsonPath(path, condition)}::jsonpath, '{}', true)`;
  if (compare !== "=") return found(`@ ${compare} ${values[0]}`);
  const exact = values.flatMap(jsonOf);
  const contained = sql`(${sql.join(
    exact.map((json) => sql`${payload} @> ${containing(path, json)}::jsonb`),
    sql` or `,
  )})`;
  if (path.every((step) => "name" in step || step.index === "*")) return contained;
  return sql`(${contained} and ${found(exact.map((json) => `@ == ${json}`).join(" || "))})`;
}
