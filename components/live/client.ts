import { QueryClient } from "@tanstack/react-query";
import { Refused } from "@/components/fetch";
import { type AnyQuery, eagerness, hasOwnInterval, type Own, type WithOwnInterval } from "./own-interval";
import { intervalOf } from "./refresh-interval";
import { refreshInterval, tabState } from "./tab";

// A refusal is an answer: asking again at once will not change it. A silence may.
const again = (failures: number, error: Error): boolean =>
  !(error instanceof Refused && error.kind !== "unreachable") && failures < 1;

function withOwnInterval(own: Own): WithOwnInterval {
  const interval = (query: AnyQuery) => {
    const ownMs = eagerness(own, query);
    const { line, tries } = tabState();
    return ownMs === false ? false : intervalOf(ownMs, query.queryKey[0], refreshInterval.read(), line, tries);
  };
  return Object.assign(interval, { own });
}

/**
 * A client whose queries are led by the stream. A query's `refetchInterval` says how often it is worth asking: that is how often it is
 * asked without a stream, and at most how often it is asked for an event. One without it is asked once and stands.
 */
export function liveClient(): QueryClient {
  const unlessOff = () => refreshInterval.read() !== "off";
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
    if (refetchInterval && !hasOwnInterval(refetchInterval)) all.refetchInterval = withOwnInterval(refetchInterval as Own);
    return all;
  }) as typeof client.defaultQueryOptions;
  return client;
}
