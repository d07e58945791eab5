import { Refusal } from "../refusal";
import { isStorable, NOT_STORABLE } from "../texts";
import { type PathStep, printPayloadPath, readPayloadPath } from "./payload-path.rules";
import { type Compare, type FieldName, fieldNames, fields, isField, isOrdered } from "./query-fields.rules";
import { valueWrong } from "./query-values.rules";

/** One condition: any of the values, or with `not` none of them. A row that has no value there is no match, and so it is one of what `not` keeps. */
export type Condition = {
  field: FieldName | null;
  /** Where in the payload, when it is no field. */
  path: PathStep[] | null;
  not: boolean;
  compare: Compare;
  values: string[];
};

/** What a list is narrowed to: every condition, and groups that say the text. */
export type Query = { conditions: Condition[]; text: string | null };

export const EMPTY: Query = { conditions: [], text: null };

/** A query as it is typed is short; a pasted stack is longer, and its beginning tells it. */
export const QUERY_MAX = 4_000;
const CONDITIONS_MAX = 30;
const VALUES_MAX = 50;
const VALUE_MAX = 300;

/** Where in the text a query is wrong, counted from 1, and what to change. */
export class QueryFault extends Refusal {
  constructor(
    readonly column: number,
    readonly words: string,
  ) {
    super("invalid", `Column ${column}: ${words}`, { field: "query", column });
  }
}

const HEAD = /(-?)([a-z_]+|payload(?:\.?"(?:[^"\\]|\\.)*"|[^\s:"])+):/iy;
const COMPARE = /<=|>=|<|>/y;
const QUOTED = /"((?:[^"\\]|\\.|\\$)*)("|$)/sy;
const BARE = /[^\s,]+/y;
const WORD = /\S+/y;

function take(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

const unescaped = (text: string): string => text.replace(/\\(["\\])/g, "$1");

const isTarget = (key: string): boolean => isField(key) || /^payload\b/.test(key);

/** A text that is no query but a sentence of a log or a stack: it does not begin with a field, and no field is what its colons follow. */
function isProse(text: string): boolean {
  const trimmed = text.trim();
  if (!/\s/.test(trimmed) || trimmed.startsWith('"')) return false;
  const keys = [...trimmed.matchAll(/(^|\s)-?([a-z_]+)(?:[.[][^\s:]*)?:/gi)];
  if (keys[0]?.index === 0 && isTarget(keys[0][2]!)) return false;
  return trimmed.includes("\n") || (keys.length > 0 && !keys.some((key) => isTarget(key[2]!)));
}

/** Reads a query; what is wrong in it is a QueryFault that says where and what to change. */
export function parseQuery(text: string): Query {
  if (text.length > QUERY_MAX)
    throw new QueryFault(QUERY_MAX + 1, `a query has at most ${QUERY_MAX} characters; leave out what stands from here on.`);
  if (!isStorable(text)) throw new QueryFault(1, `it ${NOT_STORABLE}; leave that out.`);
  if (isProse(text)) return { conditions: [], text: text.trim() };
  const conditions: Condition[] = [];
  const words: string[] = [];
  for (let at = skip(text, 0); at < text.length; at = skip(text, at)) {
    const head = take(HEAD, text, at);
    if (head) {
      const { condition, end } = conditionAt(text, at, head);
      if (conditions.push(condition) > CONDITIONS_MAX)
        throw new QueryFault(at + 1, `a query has at most ${CONDITIONS_MAX} conditions; leave some out.`);
      at = end;
    } else {
      const { value, end } = text[at] === '"' ? quotedAt(text, at) : wordAt(text, at);
      if (value.trim() !== "") words.push(value);
      at = end;
    }
  }
  return { conditions, text: words.length === 0 ? null : words.join(" ") };
}

const skip = (text: string, from: number): number => {
  let at = from;
  while (at < text.length && /\s/.test(text[at]!)) at++;
  return at;
};

function wordAt(text: string, at: number): { value: string; end: number } {
  const value = take(WORD, text, at)![0];
  return { value, end: at + value.length };
}

function quotedAt(text: string, at: number): { value: string; end: number } {
  const found = take(QUOTED, text, at)!;
  if (found[2] !== '"') throw new QueryFault(at + 1, "this quotation is not closed; end it with a quotation mark.");
  return { value: unescaped(found[1]!), end: at + found[0].length };
}

function conditionAt(text: string, at: number, head: RegExpExecArray): { condition: Condition; end: number } {
  const [whole, minus, key] = head as unknown as [string, string, string];
  const target = targetOf(key, at + minus.length + 1);
  let end = at + whole.length;
  const compare = (take(COMPARE, text, end)?.[0] ?? "=") as Compare;
  if (compare !== "=") end += compare.length;
  const ordered = target.field === null || isOrdered(target.field);
  if (compare !== "=" && !ordered)
    throw new QueryFault(end, `${key} has no order; write ${key}:value, or -${key}:value to leave it out.`);
  const values: string[] = [];
  for (;;) {
    const read = valueAt(text, end, key);
    const wrong = target.field === null ? pathWrong(compare, read.value) : valueWrong(target.field, read.value, compare);
    if (wrong !== null) throw new QueryFault(end + 1, wrong);
    if (values.push(read.value) > VALUES_MAX)
      throw new QueryFault(end + 1, `${key} takes at most ${VALUES_MAX} values; leave some out.`);
    end = read.end;
    if (text[end] !== ",") break;
    end++;
  }
  if (compare !== "=" && values.length > 1)
    throw new QueryFault(at + 1, `${key} is compared with one value; write a condition for each.`);
  return { condition: { ...target, not: minus === "-", compare, values }, end };
}

function valueAt(text: string, at: number, key: string): { value: string; end: number } {
  const read = text[at] === '"' ? quotedAt(text, at) : bareAt(text, at);
  if (read.value.trim() === "") throw new QueryFault(at + 1, `say which ${key}, as in ${key}:value.`);
  if (read.value.length > VALUE_MAX)
    throw new QueryFault(at + 1, `a value has at most ${VALUE_MAX} characters; this one has ${read.value.length}.`);
  return read;
}

function bareAt(text: string, at: number): { value: string; end: number } {
  const value = take(BARE, text, at)?.[0] ?? "";
  return { value, end: at + value.length };
}

function targetOf(key: string, column: number): Pick<Condition, "field" | "path"> {
  if (isField(key)) return { field: key, path: null };
  if (!isTarget(key))
    throw new QueryFault(
      column,
      `there is no ${key.slice(0, 40)}. Known: ${fieldNames.join(", ")}, payload.name. Put text in quotation marks to look for it as it is.`,
    );
  const path = readPayloadPath(key.slice("payload".length));
  if (!path)
    throw new QueryFault(
      column,
      "a path into the payload is written payload.customer.id, payload.lines[0].sku or payload.lines[*].sku, at most 12 steps.",
    );
  return { field: null, path };
}

const pathWrong = (compare: Compare, value: string): string | null =>
  compare === "=" || /^-?\d{1,15}(\.\d{1,15})?$/.test(value)
    ? null
    : `a payload is compared with a number; "${value.slice(0, 40)}" is none.`;

const printValue = (value: string): string =>
  /[\s",\\<>]/.test(value) || value === "" ? `"${value.replace(/["\\]/g, "\\$&")}"` : value;

export const printCondition = ({ field, path, not, compare, values }: Condition): string =>
  `${not ? "-" : ""}${field ?? printPayloadPath(path!)}:${compare === "=" ? "" : compare}${values.map(printValue).join(",")}`;

/** The query as somebody would type it; reading that gives the same query. */
export const printQuery = ({ conditions, text }: Query): string =>
  [...conditions.map(printCondition), ...(text === null ? [] : [`"${text.replace(/["\\]/g, "\\$&")}"`])].join(" ");

/** Whether a condition asks about each message, so that a group's own counts do not answer it. */
export const isOfMessages = ({ field }: Condition): boolean => field === null || fields[field].on === "message";

/** Whether a condition asks about payloads, each of which has to be opened for it. */
export const isOfPayload = ({ field }: Condition): boolean => field === null;

/** Whether something asks for keys, of which few letters have each. */
export const asksKeys = (queries: readonly Query[]): boolean =>
  queries.some(({ conditions }) => conditions.some(({ field, not }) => field === "key" && !not));

/** Whether groups' own counts answer the queries; a version is one of them, since groups count by it. */
export const isOfGroups = (queries: readonly Query[]): boolean =>
  queries.every(({ conditions }) => conditions.every((one) => !isOfMessages(one) || one.field === "version"));

const PART = /-?(?:[a-z_]+|payload(?:\.?"(?:\\.|[^"\\])*"|[^\s:"])+):(?:"(?:\\.|[^"\\])*"?|[^\s"])*|"(?:\\.|[^"\\])*"?|\S+/gi;

/** A text in its parts as they are typed, conditions and words, right or wrong; a sentence of a log is one. */
export const rawParts = (text: string): string[] =>
  text.length <= QUERY_MAX && isProse(text) ? [printQuery({ conditions: [], text: text.trim() })] : (text.match(PART) ?? []);
