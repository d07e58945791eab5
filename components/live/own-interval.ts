import type { Query, QueryKey } from "@tanstack/react-query";

export type AnyQuery = Query<unknown, Error, unknown, QueryKey>;
/** What a query says of itself: how often it is worth asking. */
export type Own = number | false | undefined | ((query: AnyQuery) => number | false | undefined);
/** An interval that the stream leads, with what the query said of itself. */
export type WithOwnInterval = ((query: AnyQuery) => number | false) & { own: Own };

export const eagerness = (own: Own, query: AnyQuery): number | false => (typeof own === "function" ? own(query) : own) || false;
export const hasOwnInterval = (interval: unknown): interval is WithOwnInterval =>
  typeof interval === "function" && "own" in interval;

/** How often a query is worth asking, by the most eager of those who look at it; null when it stands still for all of them. */
export function ownMsOf(query: AnyQuery): number | null {
  const all = query.observers.flatMap(({ options }) => {
    const interval: unknown = options.refetchInterval;
    return hasOwnInterval(interval) ? eagerness(interval.own, query) || [] : [];
  });
  return all.length === 0 ? null : Math.min(...all);
}
