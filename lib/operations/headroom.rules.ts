import { type Instant, minutes } from "../time";

/** What is counted of consumers, five minutes a row (recent_count). */
export const BUCKET_MS = minutes(5);
const LATELY = 2;

/** How many messages a consumer handled in five minutes. */
export type Handled = { consumer: string; at: Instant; n: number };

/** How fast a consumer handles messages, a second: lately, and at most within two hours; null: it is not known. */
export type Rate = { consumer: string; lately: number | null; most: number | null };

/**
 * How fast each consumer is: by whole five minutes, since the one under way is not over. A consumer of which nothing was counted is not known,
 * which is not the same as slow. What it has done it can do; more than that nobody has seen.
 */
export function ratesOf(consumers: readonly string[], handled: readonly Handled[], now: Instant): Rate[] {
  const current = Math.floor(now / BUCKET_MS) * BUCKET_MS;
  return consumers.map((consumer) => {
    const its = handled.filter((one) => one.consumer === consumer && one.at < current);
    if (its.length === 0) return { consumer, lately: null, most: null };
    const perSecond = (n: number) => n / (BUCKET_MS / 1_000);
    const late = its.filter(({ at }) => at >= current - LATELY * BUCKET_MS);
    const most = Math.max(...its.map(({ n }) => perSecond(n)));
    return { consumer, lately: late.reduce((sum, { n }) => sum + perSecond(n), 0) / LATELY, most };
  });
}

/** What a consumer was seen to have room for on top of what it handles lately; null: it is not known. */
export const headroomOf = (rate: Rate): number | null =>
  rate.lately === null || rate.most === null ? null : Math.max(0, rate.most - rate.lately);

/** How long so many messages take, in ms: not less, and not more; null is not known. */
export type Span = { least: number | null; most: number | null };

/**
 * How long it takes: no less than the pace says, and no more than what the consumer was seen to have room for. It may be faster than anybody saw,
 * so that without a pace there is no least. How messages fall to several consumers nobody knows before. The watch after a canary is time as well.
 */
export function spanOf(
  n: number,
  { perSecond, watchMs }: { perSecond: number | null; watchMs: number },
  rates: readonly Rate[],
): Span {
  const at = (pace: number) => (n / pace) * 1_000 + watchMs;
  const room = rates.length === 1 ? headroomOf(rates[0]!) : null;
  return {
    least: perSecond === null ? null : at(perSecond),
    most: room ? at(Math.min(room, perSecond ?? room)) : null,
  };
}
