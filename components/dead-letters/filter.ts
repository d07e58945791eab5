import type { FilterKey, Token } from "@/components/ui/query-filter";
import { closeCodes } from "@/lib/dead-letters/codes.rules";
import { parseQuery, printQuery, QueryFault, rawParts } from "@/lib/dead-letters/query.rules";
import { closedAs, type FieldName, fieldNames, fields } from "@/lib/dead-letters/query-fields.rules";
import type { Facets } from "@/lib/dead-letters/rules";
import { shortStack } from "@/lib/dead-letters/short-stack.rules";
import { triageFilters } from "@/lib/dead-letters/triage/rules";
import type { Hit } from "@/lib/timeline/views";

// What a field usually is, where its values are not the store's.
const examples: Partial<Record<FieldName, string[]>> = {
  age: [">2h", ">1d", "<1h"],
  attempts: [">=3", ">=10"],
  last: ["<1h", "<24h", "<7d"],
  triage: [...triageFilters],
  assignee: ["me", "none"],
  state: ["open", "parked", "redelivering", "resolved", "discarded", "by_hand", "gone"],
  outcome: [...closedAs],
  code: [...closeCodes],
};

/** What a list of dead letters can be asked by, with what the store has seen. */
export function filterKeys(facets: Facets | undefined): FilterKey[] {
  const keys = fieldNames.map((name): FilterKey => {
    const seen = facets && name in facets ? facets[name as keyof Facets] : undefined;
    const values = seen?.map(({ value }) => value).filter(Boolean) ?? examples[name];
    return {
      name,
      hint: fields[name].hint,
      ...(values && { values }),
      ...(seen && { counts: Object.fromEntries(seen.map(({ value, n }) => [value, n])) }),
    };
  });
  return [...keys, { name: "payload", hint: "a path, as in payload.customer.id:42" }];
}

/** The conditions of a query as they are typed, each with what is wrong in it. */
export function readFilter(text: string, within = ""): Token[] {
  const taken = within.split(":")[0];
  return rawParts(text).map((raw) => {
    const [, minus = "", key = "", rest = ""] = /^(-?)([^:"\s]+|payload[^:]*):(.*)$/s.exec(raw) ?? [];
    try {
      const query = parseQuery(raw);
      const one = query.conditions[0];
      if (!one) return { key: null, value: query.text ?? raw, not: false, raw, wrong: null };
      const wrong = one.field !== null && one.field === taken ? `This list is about ${within} already.` : null;
      return { key, value: rest.replace(/^"([^"\\]*)"$/s, "$1"), not: one.not, raw, wrong };
    } catch (error) {
      if (!(error instanceof QueryFault)) throw error;
      return {
        key: key || null,
        value: rest || raw,
        not: minus !== "",
        raw,
        wrong: error.words[0]!.toUpperCase() + error.words.slice(1),
      };
    }
  });
}

/** What a pasted text becomes: a stack or a sentence of a log one thing to look for, whatever colons it has; null for what is a query. */
export function pastedText(text: string): string | null {
  if (!/\s/.test(text)) return null;
  try {
    const query = parseQuery(shortStack(text));
    return query.conditions.length > 0 || query.text === null ? null : printQuery(query);
  } catch {
    return null;
  }
}

// What a list of dead letters is asked for by an id; a number alone is a group's.
const JUMPED = ["message", "key", "correlation", "group", "dead_letter"] as const;

/** Where a word alone leads that names one thing; null where it is to be looked for in the list. */
export function namedBy(word: string, hits: readonly Hit[]): string | null {
  const exact = hits.filter(({ exact }) => exact);
  const kinds = JUMPED.filter((kind) => kind !== "key" || !/^#?\d+$/.test(word));
  const found = kinds.map((kind) => exact.filter((hit) => hit.kind === kind)).find((some) => some.length > 0) ?? [];
  return found.length === 1 ? found[0]!.href : null;
}

/** The keys that are left to ask by: what the screen is about (`zone:orders`) is none of them. */
export const openKeys = (within: string, facets?: Facets): FilterKey[] =>
  filterKeys(facets).filter((key) => key.name !== within.split(":")[0]);

/** The queries that a list asks for: what the screen is about, and what is typed, without what is wrong in it; what is muted is left out, unless it is asked about triage or for `muted` as well. */
export function queriesOf(text: string, within = "", muted = false): string[] {
  const right = readFilter(text, within).filter((token) => token.wrong === null);
  // Here and not at the server, so that a retry of all that match means what the list showed.
  const hidden = muted || right.some((token) => token.key === "triage") ? "" : "-triage:muted";
  return [within, right.map((token) => token.raw).join(" "), hidden].filter(Boolean);
}

/** What the API is asked for a filter's text, within what the screen is about. */
export const groupSearch = (text: string, within = "", muted = false): string =>
  new URLSearchParams(queriesOf(text, within, muted).map((query) => ["query", query])).toString();
