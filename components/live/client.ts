import { type Query, QueryClient, type QueryKey } from "@tanstack/react-query";
import { Refused } from "@/components/fetch";
import { intervalOf } from "./pace";
import { pace, tabState } from "./tab";

// A refusal is an answer: asking again at once will not change it. A silence may.
const again = (failures: number, error: Error): boolean =>
  !(error instanceof Refused && error.kind !== "unreachable") && failures < 1;

type AnyQuery = Query<unknown, Error, unknown, QueryKey>;
type Own = number | false | undefined | ((query: AnyQuery) => number | false | undefined);
type Paced = ((query: AnyQuery) => number | false) & { own: Own };

const eagerness = (own: Own, query: AnyQuery): number | false => (typeof own === "function" ? own(query) : own) || false;
const isPaced = (interval: unknown): interval is Paced => typeof interval === "function" && "own" in interval;

function paced(own: Own): Paced {
  const interval = (query: AnyQuery) => {
    const ownMs = eagerness(own, query);
    const { line, tries } = tabState();
    return ownMs === false ? false : intervalOf(ownMs, query.queryKey[0], pace.read(), line, tries);
  };
  return Object.assign(interval, { own });
}

/** How often a query is worth asking, by the most eager of those who look at it; null when it stands still for all of them. */
export function ownMsOf(query: AnyQuery): number | null {
  const all = query.observers.flatMap(({ options }) => {
    const interval: unknown = options.refetchInterval;
    return isPaced(interval) ? eagerness(interval.own, query) || [] : [];
  });
  return all.length === 0 ? null : Math.min(...all);
}

/**
 * A client whose queries are led by the stream. A query's `refetchInterval` says how often it is worth asking: that is how often it is
 * asked without a stream, and at most how often it is asked for an event. One without it is asked once and stands.
 */
export function liveClient(): QueryClient {
  const unlessOff = () => pace.read() !== "off";
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 1_000,
        gcTime: 60_000,
        retry: again,
        refetchOnWindowFocus: unlessOff,
        refetchOnReconnect: unlessOff,
      },
    },
  });
  // Here and not at each query, so that none is forgotten.
  const defaults = client.defaultQueryOptions.bind(client) as (options: object) => { refetchInterval?: unknown };
  client.defaultQueryOptions = ((options: object) => {
    const all = defaults(options);
    const { refetchInterval } = all;
    if (refetchInterval && !isPaced(refetchInterval)) all.refetchInterval = paced(refetchInterval as Own);
    return all;
  }) as typeof client.defaultQueryOptions;
  return client;
}
