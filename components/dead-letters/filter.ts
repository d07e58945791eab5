import { type FilterKey, parseFilter } from "@/components/ui/query-filter";
import type { Facets } from "@/lib/dead-letters/rules";

/** What a dead-letter group can be filtered by, with what the store has seen. */
export function filterKeys(facets: Facets | undefined): FilterKey[] {
  return [
    { name: "zone", hint: "contract zone", values: facets?.zone },
    { name: "consumer", hint: "who failed", values: facets?.consumer },
    { name: "event", hint: "event type", values: facets?.event },
    { name: "error", hint: "exception", values: facets?.error },
    { name: "version", hint: "consumer version", values: facets?.version },
    { name: "key", hint: "business key, or its beginning", notNegated: true },
    { name: "last", hint: "parked within", values: ["<1h", "<24h", "<7d"], check: spanWrong, notNegated: true },
  ];
}

const spanWrong = (value: string): string | null =>
  /^<?\d{1,5}(s|m|h|d)$/.test(value) ? null : `last takes a span such as 30m, 24h or <7d.`;

/** The filter as the API takes it: `zone=a&-consumer=b&last=<7d&q=text`. What is wrong in it is left out. */
export function filterSearch(text: string, keys: FilterKey[] = filterKeys(undefined)): string {
  const search = new URLSearchParams();
  const free: string[] = [];
  for (const token of parseFilter(text, keys)) {
    if (token.wrong !== null) continue;
    if (token.key === null) free.push(token.value);
    else search.append(token.not ? `-${token.key}` : token.key, token.value);
  }
  if (free.length > 0) search.set("q", free.join(" "));
  return search.toString();
}

/** The keys that are left to filter by: two zones would be either, so what the screen is about (`zone:orders`) is none of them. */
export const openKeys = (within: string, facets?: Facets): FilterKey[] =>
  filterKeys(facets).filter((key) => key.name !== within.split(":")[0]);

/** What the API is asked for a filter's text, within what the screen is about. */
export const groupSearch = (text: string, within = ""): string =>
  [filterSearch(within), filterSearch(text, openKeys(within))].filter(Boolean).join("&");
