import { parseAsString } from "nuqs";

/** A filter's text in the address. Each change is a step, so that Back takes back the last one and not the page. */
export const filterInUrl = parseAsString.withDefault("").withOptions({ history: "push" });
