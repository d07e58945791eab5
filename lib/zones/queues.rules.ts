import type { Contract } from "../contracts/rules";
import type { WaitingCause } from "./rules";

type Source = { sourceId: string; preset: string; consumers: readonly string[] };

/** Marks what waits in a framework's queue for its own service: no relay is to publish it, a worker is to take it. */
export function withQueues<T extends WaitingCause>(
  waiting: readonly T[],
  contracts: readonly Contract[],
  sources: readonly Source[],
): T[] {
  const events = contracts.flatMap(({ semantics }) => semantics.events);
  const isJob = (source: Source, eventType: string) => {
    const to = events
      .filter((event) => event.from === source.sourceId && event.eventType === eventType)
      .flatMap((event) => event.to);
    return to.length > 0 && to.every((consumer) => source.consumers.includes(consumer));
  };
  return waiting.map((cause) => {
    const source = sources.find(({ sourceId }) => sourceId === cause.sourceId);
    const isQueue =
      cause.reason === "unpublished" &&
      source !== undefined &&
      source.preset !== "native" &&
      cause.eventTypes.every((eventType) => isJob(source, eventType));
    return isQueue ? { ...cause, queue: true } : cause;
  });
}
