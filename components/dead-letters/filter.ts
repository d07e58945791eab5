import { type FilterKey, parseFilter } from "@/components/ui/query-filter";
import type { GroupsView } from "@/lib/dead-letters/views";

/** What a dead-letter group can be filtered by, with what the store has seen. */
export function filterKeys(facets: GroupsView["facets"] | undefined): FilterKey[] {
  return [
    { name: "zone", hint: "contract zone", values: facets?.zone },
    { name: "consumer", hint: "who failed", values: facets?.consumer },
    { name: "event", hint: "event type", values: facets?.event },
    { name: "error", hint: "exception", values: facets?.error },
    { name: "version", hint: "consumer version", values: facets?.version },
    { name: "key", hint: "business key" },
  ];
}

/** The filter as the API takes it: `zone=a&not_zone=b&text=…`. What is wrong in it is left out. */
export function filterSearch(text: string): string {
  const search = new URLSearchParams();
  const free: string[] = [];
  for (const token of parseFilter(text, filterKeys(undefined))) {
    if (token.wrong !== null) continue;
    if (token.key === null) free.push(token.value);
    else search.append(token.not ? `not_${token.key}` : token.key, token.value);
  }
  if (free.length > 0) search.set("text", free.join(" "));
  return search.toString();
}
