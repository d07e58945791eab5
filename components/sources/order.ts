import { shareOfWindow, worseFlow } from "@/lib/sources/flows.rules";
import type { Instant } from "@/lib/time";
import type { FlowLine } from "./words";

/** What the table can be ordered by; the first is the usual. */
export const orders = ["worst", "name", "waiting", "oldest", "last", "rate", "parked"] as const;
export type Order = (typeof orders)[number];

const ranked = (line: FlowLine, now: Instant) => ({
  state: line.state,
  waitingN: line.waitingN,
  share: shareOfWindow(line.oldestSince, line.windowMs, now),
  name: line.name,
});

// What is not known stands at the end, whichever way the list goes.
const numberOf: Record<Exclude<Order, "worst" | "name">, (line: FlowLine) => number | null> = {
  waiting: (line) => line.waitingN,
  oldest: (line) => (line.oldestSince === null ? null : -line.oldestSince),
  last: (line) => line.lastAt,
  rate: (line) => (line.kind === "none" ? null : line.perMinute),
  parked: (line) => line.parkedN,
};

/** The lines in an order, the greatest first, or turned round; ties by how bad they are. */
export function ordered(lines: readonly FlowLine[], order: Order, turned: boolean, now: Instant): FlowLine[] {
  const worst = (a: FlowLine, b: FlowLine) => worseFlow(ranked(a, now), ranked(b, now));
  const sign = turned ? -1 : 1;
  if (order === "worst") return [...lines].sort((a, b) => sign * worst(a, b));
  if (order === "name") return [...lines].sort((a, b) => sign * a.name.localeCompare(b.name) || worst(a, b));
  const of = numberOf[order];
  return [...lines].sort((a, b) => {
    const [x, y] = [of(a), of(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null) || worst(a, b);
    return sign * (y - x) || worst(a, b);
  });
}
