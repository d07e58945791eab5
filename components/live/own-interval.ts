import type { Query, QueryKey } from "@tanstack/react-query";
import type { Instant } from "@/lib/time";
import { standsMs } from "./refresh-interval";

export type AnyQuery = Query<unknown, Error, unknown, QueryKey>;
/** What a query says of itself: how often it is worth asking. */
export type Own = number | false | undefined | ((query: AnyQuery) => number | false | undefined);
/** An interval that the stream leads, with what the query said of itself. */
export type WithOwnInterval = ((query: AnyQuery) => number | false) & { own: Own };

/** The looks that an answer's verdicts rest on, and when it was given. */
type Looks = { now: Instant; observedAts: (Instant | null)[] };

declare module "@tanstack/react-query" {
  interface Register {
    /** `looks`: for what is judged by the clock, and must be asked again before its looks prove nothing any more. */
    queryMeta: { looks?: (data: never) => Looks };
  }
}

/** Until when a query's last answer stands, in ms after it was given; undefined where it says nothing of it. */
export function standsMsOf({ meta, state }: AnyQuery): number | undefined {
  const looks = state.data === undefined ? undefined : meta?.looks?.(state.data as never);
  return looks && standsMs(looks.now, looks.observedAts);
}

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
