import { type SQL, sql } from "drizzle-orm";
import { instant, list } from "../db/rows";
import { spanOf } from "../parsing";
import type { Instant } from "../time";
import { payloadMatches } from "./payload.sql";
import { type Condition, isOfMessages, isOfPayload, type Query } from "./query.rules";
import type { Compare, FieldName } from "./query-fields.rules";
import { instantOf } from "./query-values.rules";
import { recognised } from "./recognise.rules";
import { type Scope, seen } from "./scope.sql";
import { wordingsOf } from "./template.rules";
import { assignedTo, inTriage } from "./triage/query.sql";

/** A text as the pattern of `like` that matches only itself. */
export const like = (text: string): string => text.replace(/[\\%_]/g, "\\$&");

/** Which letters are asked: those that are open, or those that were closed. */
export type Side = "open" | "closed";

const and = (parts: readonly SQL[]): SQL => (parts.length === 0 ? sql`true` : sql.join([...parts], sql` and `));
const or = (parts: readonly SQL[]): SQL => sql`(${sql.join([...parts], sql` or `)})`;
// What is null is no match: left out of what is asked for, and kept by what leaves out.
const unless = (not: boolean, match: SQL): SQL => (not ? sql`(${match}) is not true` : match);
const comparing = (compare: Compare): SQL => sql.raw(compare);
const anyText = (column: SQL, values: readonly string[]): SQL => sql`${column} = any(${list(values, "text")})`;

/** Conditions of one query, where several of the same field and without a `not` are any of their values. */
function united(conditions: readonly Condition[]): Condition[] {
  const result: Condition[] = [];
  for (const one of conditions) {
    const same = result.find(
      (other) =>
        !one.not && !other.not && one.field !== null && one.field === other.field && one.compare === "=" && other.compare === "=",
    );
    if (same) same.values = [...same.values, ...one.values];
    else result.push({ ...one });
  }
  return result;
}

const conditionsOf = (queries: readonly Query[], of: (one: Condition) => boolean): Condition[] =>
  queries.flatMap((query) => united(query.conditions.filter(of)));

/** Groups `g` that an actor may see and that every query means, whichever of their letters are asked for. */
export function groupsWhere(queries: readonly Query[], scope: Scope, now: Instant): SQL {
  const conditions = conditionsOf(queries, (one) => !isOfMessages(one)).map((one) => unless(one.not, groupMatches(one, now)));
  const texts = queries.flatMap(({ text }) => (text === null ? [] : [ofMerged(saying(text))]));
  return and([seen(scope), ...conditions, ...texts]);
}

/** Versions `v` of a group's own counts that are asked for. */
export const versionsWhere = (queries: readonly Query[]): SQL =>
  and(conditionsOf(queries, ({ field }) => field === "version").map((one) => unless(one.not, anyText(sql`v.key`, one.values))));

const versionConditions = (queries: readonly Query[]): Condition[] => conditionsOf(queries, ({ field }) => field === "version");

/** Whether something asks for versions. */
export const asksVersions = (queries: readonly Query[]): boolean => versionConditions(queries).length > 0;

/** How many of a group's open letters are of the versions that are asked for; all of them where none is. */
export function openOfVersions(queries: readonly Query[]): SQL {
  const conditions = versionConditions(queries);
  const [only] = conditions;
  if (!only) return sql`g.open_n`;
  // Named ones are looked up; a tenth of what it takes to look at each that there is.
  if (conditions.length === 1 && !only.not)
    return sql`(${sql.join(
      [...new Set(only.values)].map((version) => sql`coalesce((g.versions ->> ${version}::text)::int, 0)`),
      sql` + `,
    )})`;
  return sql`(select coalesce(sum(v.value::int), 0)::int from jsonb_each_text(g.versions) v where ${versionsWhere(queries)})`;
}

/** Letters `d` that every query means, within the groups that `groups` narrows `d.group_id` to. */
export function lettersWhere(queries: readonly Query[], side: Side, now: Instant, groups: SQL): SQL {
  const conditions = conditionsOf(queries, isOfMessages).map((one) => unless(one.not, letterMatches(one, side, now)));
  return and([groups, ...conditions]);
}

/** What these queries ask of open letters' payloads, of bodies `b`; null where the index of payloads finds nothing of it by itself. */
export function payloadsWhere(queries: readonly Query[]): SQL | null {
  const asked = conditionsOf(queries, isOfPayload);
  if (!asked.some(({ compare, not }) => compare === "=" && !not)) return null;
  return and(asked.map((one) => unless(one.not, payloadMatches(sql`b.payload`, one.path!, one.compare, one.values))));
}

/** Whether something narrows the groups themselves, or all there are are meant. */
export const asksGroups = (queries: readonly Query[], scope: Scope): boolean =>
  scope !== null || queries.some(({ conditions, text }) => text !== null || conditions.some((one) => !isOfMessages(one)));

/** Narrows letters to groups by looking for them in the same statement. */
export const inGroups = (queries: readonly Query[], scope: Scope, now: Instant): SQL =>
  asksGroups(queries, scope)
    ? sql`d.group_id in (select g.group_id from dead_letter_group g where ${groupsWhere(queries, scope, now)})`
    : sql`true`;

// What is asked to be old lies at the far end of a group, whose newest letters come first.
const isOld = ({ field, compare, not }: Condition): boolean =>
  !not && ((field === "age" && compare.startsWith(">")) || (field === "parked" && compare.startsWith("<")));

/** From which end of a group its letters are looked at, so that the first that matches comes soon. */
export const soonest = (queries: readonly Query[]): SQL =>
  queries.some(({ conditions }) => conditions.some(isOld))
    ? sql`order by d.parked_at, d.id`
    : sql`order by d.parked_at desc, d.id desc`;

function groupMatches({ field, values }: Condition, now: Instant): SQL {
  const columns: Partial<Record<FieldName, SQL>> = {
    consumer: sql`g.consumer`,
    event: sql`g.event_type`,
    error: sql`g.error_type`,
    source: sql`g.source_id`,
  };
  const column = columns[field!];
  if (column) return field === "error" ? ofMerged(anyText(column, values)) : anyText(column, values);
  if (field === "preset") return sql`g.source_id in (select source_id from source where ${anyText(sql`preset`, values)})`;
  if (field === "group")
    return sql`(${inGroup(values)} or g.group_id in (select r.from_id from group_route r where r.to_id = any(${list(values.map(Number), "bigint")}) and r.rule is null and r.ended_at is null))`;
  if (field === "last") return sql`g.last_at >= ${instant(now - Math.min(...values.map((value) => spanOf(value)!)))}`;
  if (field === "triage") return inTriage(values);
  if (field === "assignee") return assignedTo(values);
  // `none` asks for what no contract names.
  const named = sql`g.zones && ${list(values, "text")}`;
  return values.includes("none") ? sql`(${named} or cardinality(g.zones) = 0)` : named;
}

const inGroup = (values: readonly string[]): SQL => sql`g.group_id = any(${list(values.map(Number), "bigint")})`;

// What is asked of a group's name is asked of those that are merged into it as well; few, so that they are found first.
const ofMerged = (named: SQL): SQL =>
  sql`(${named} or g.group_id in (select r.to_id from group_route r join dead_letter_group g on g.group_id = r.from_id where r.rule is null and r.ended_at is null and ${named}))`;

function letterMatches({ field, path, compare, values }: Condition, side: Side, now: Instant): SQL {
  const value = values[0]!;
  if (field === null)
    return side === "open"
      ? sql`exists (select 1 from dead_letter_body b where b.id = d.id and ${payloadMatches(sql`b.payload`, path!, compare, values)})`
      : payloadMatches(sql`(d.body -> 'payload')`, path!, compare, values);
  if (field === "version") return anyText(sql`d.consumer_version`, values);
  if (field === "message") return anyText(sql`d.message_id`, values);
  if (field === "key") return or(values.map((each) => sql`d.business_key like ${`${like(each)}%`}`));
  if (field === "correlation") return correlates(side, values);
  if (field === "preview") return or(values.map(foretold));
  if (field === "attempts")
    return compare === "="
      ? sql`d.attempts = any(${list(values.map(Number), "int")})`
      : sql`d.attempts ${comparing(compare)} ${Number(value)}::int`;
  if (field === "parked") return sql`d.parked_at ${comparing(compare)} ${instant(instantOf(value))}`;
  if (field === "age")
    return older(side === "open" ? sql`d.since` : sql`coalesce(d.occurred_at, d.parked_at)`, compare, now - spanOf(value)!);
  const words = values.map((each) => each.toLowerCase());
  // What is open was closed as nothing, and by nobody.
  if (field === "outcome" || field === "code")
    return side === "open" ? sql`false` : anyText(field === "code" ? sql`d.code` : sql`d.closed_as`, words);
  const states = values.flatMap((each) => (each.toLowerCase() === "open" ? ["parked", "redelivering"] : [each.toLowerCase()]));
  return anyText(side === "open" ? sql`d.state` : sql`d.closed_as`, states);
}

/** Letters of which a preview foretold an outcome, as long as it is kept. */
function foretold(value: string): SQL {
  const [forecast, outcome] = value.split(".");
  return sql`d.id in (select l.dead_letter from forecast_letter l where l.forecast_id = ${Number(forecast)} and l.outcome = ${outcome})`;
}

// What is older began earlier.
const older = (column: SQL, compare: Compare, at: Instant): SQL =>
  sql`${column} ${sql.raw(compare.replace(/[<>]/, (mark) => (mark === "<" ? ">" : "<")))} ${instant(at)}`;

// Hashed, so that each value is a look-up of its own.
function correlates(side: Side, values: readonly string[]): SQL {
  if (side === "closed") return or(values.map((each) => sql`d.body ->> 'correlation_id' = ${each}::text`));
  const equal = or(values.map((each) => sql`b.correlation_id = ${each}::text`));
  return sql`exists (select 1 from dead_letter_body b where b.id = d.id and ${equal})`;
}

/** Groups that say a text. One that was pasted from a log holds literals, where groups hold what stands for them; a stack names its failure. */
function saying(text: string): SQL {
  // Folded once a statement and once a column: `ilike` would fold both for each pattern.
  const wordings = wordingsOf(text);
  const patterns = sql`(select array_agg(lower(pattern)) from unnest(${list(
    wordings.map((each) => `%${like(each)}%`),
    "text",
  )}) pattern)::text[]`;
  // Folding a column takes most of the time, and what is shorter than a text cannot say it. A letter takes twice its bytes at most when it is folded.
  const shortest = sql`(select min(octet_length(lower(wording))) from unnest(${list(wordings, "text")}) wording)`;
  const said = sql.join(
    ["template", "error_type", "frame", "cause"].map((name) => {
      const column = sql.raw(`g.${name}`);
      return sql`(octet_length(${column}) * 2 >= ${shortest} and lower(${column}) like any(${patterns}))`;
    }),
    sql` or `,
  );
  const { templates, causes, types, frames } = recognised(text);
  if (templates.length === 0) return sql`(${said})`;
  const framed = sql`(${anyText(sql`g.frame`, frames)} and ${anyText(sql`g.error_type`, types)})`;
  return sql`(${said} or (${anyText(sql`g.template`, templates)} and (cardinality(${list(types, "text")}) = 0 or ${anyText(sql`g.error_type`, types)})) or ${anyText(sql`g.cause`, causes)} or ${framed})`;
}
