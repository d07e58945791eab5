import { type FilterKey, parseFilter } from "@/components/ui/query-filter";
import { sagaStates } from "@/lib/sagas/rules";
import type { SagasView } from "@/lib/sagas/views";

/** What sagas can be filtered by, with what the contracts name. */
export function filterKeys(facets: SagasView["facets"] | undefined): FilterKey[] {
  return [
    { name: "zone", hint: "contract zone", values: facets?.zone, notNegated: true },
    { name: "type", hint: "saga type", values: facets?.type, notNegated: true },
    { name: "step", hint: "where it stands", values: facets?.step, notNegated: true },
    { name: "state", hint: "how it stands", values: [...sagaStates], check: stateWrong, notNegated: true },
    { name: "key", hint: "business key, or its beginning", notNegated: true },
  ];
}

const stateWrong = (value: string): string | null =>
  (sagaStates as readonly string[]).includes(value) ? null : `state takes one of ${sagaStates.join(", ")}.`;

/** The filter as the API takes it: `zone=a&state=stuck&key=ORD-1`; free text is the beginning of a key. What is wrong in it is left out. `zone` is what the screen is about. */
export function filterSearch(text: string, zone: string | null = null): string {
  const search = new URLSearchParams();
  for (const token of parseFilter(zone === null ? text : `${text} zone:${zone}`, filterKeys(undefined))) {
    if (token.wrong !== null) continue;
    const key = token.key ?? "key";
    if (key === "state" || key === "key") search.set(key, token.value);
    else search.append(key, token.value);
  }
  return search.toString();
}
