import { isOfPayload, type Query } from "./query.rules";

/** Up to here a list says exactly how many match, and above it that there are more. */
export const COUNT_MAX = 10_000;

// To open a payload is most of what it takes to count its letter.
const OPENED_MAX = 3_000;

const opensPayloads = (queries: readonly Query[]): boolean => queries.some(({ conditions }) => conditions.some(isOfPayload));

/** Up to how many letters a list counts of what is asked. */
export const countMaxOf = (queries: readonly Query[]): number => (opensPayloads(queries) ? OPENED_MAX : COUNT_MAX);

/** Where more than that match, so many letters of each group of a page are looked at, and it is said to hold at least those of them that match. */
export const lookedAtOf = (queries: readonly Query[]): number => (opensPayloads(queries) ? 20 : 50);
