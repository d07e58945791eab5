import type { Condition, Query } from "../query.rules";

const ofTriage = (queries: readonly Query[]): Condition[] =>
  queries.flatMap(({ conditions }) => conditions.filter(({ field }) => field === "triage"));

/** Whether groups are asked for of which nothing is parked any more. */
export const asksResolved = (queries: readonly Query[]): boolean =>
  ofTriage(queries).some(({ not, values }) => !not && values.some((value) => value.toLowerCase() === "resolved"));

/** The queries without what they say of triage. */
export const withoutTriage = (queries: readonly Query[]): Query[] =>
  queries.map((query) => ({ ...query, conditions: query.conditions.filter(({ field }) => field !== "triage") }));

const isMe = (value: string): boolean => value.toLowerCase() === "me";

/** Whether something is asked for of the one who asks, so that its answer is nobody else's. */
export const asksMe = ({ queries }: { queries: readonly Query[] }): boolean =>
  queries.some(({ conditions }) => conditions.some(({ field, values }) => field === "assignee" && values.some(isMe)));

/** The queries with `me` as the one who asks; somebody who is no person has nothing. */
export const asMe = (queries: readonly Query[], me: string): Query[] =>
  queries.map((query) => ({
    ...query,
    conditions: query.conditions.map((one) =>
      one.field === "assignee" ? { ...one, values: one.values.map((value) => (isMe(value) ? me : value)) } : one,
    ),
  }));
