import type { Condition, Query } from "../query.rules";

const ofTriage = (queries: readonly Query[]): Condition[] =>
  queries.flatMap(({ conditions }) => conditions.filter(({ field }) => field === "triage"));

/** Whether groups are asked for of which nothing is parked any more. */
export const asksResolved = (queries: readonly Query[]): boolean =>
  ofTriage(queries).some(({ not, values }) => !not && values.some((value) => value.toLowerCase() === "resolved"));

const notMuted: Query = {
  conditions: [{ field: "triage", path: null, not: true, compare: "=", values: ["muted"] }],
  text: null,
};

/** The queries of a list for triage: what is muted is left out, unless the list is asked about triage. */
export const withoutMuted = (queries: readonly Query[]): Query[] =>
  ofTriage(queries).length > 0 ? [...queries] : [...queries, notMuted];

/** The queries with `me` as the one who asks; somebody who is no person has nothing. */
export const asMe = (queries: readonly Query[], me: string): Query[] =>
  queries.map((query) => ({
    ...query,
    conditions: query.conditions.map((one) =>
      one.field === "assignee" ? { ...one, values: one.values.map((value) => (value.toLowerCase() === "me" ? me : value)) } : one,
    ),
  }));
