import { setTimeout as sleep } from "node:timers/promises";
import { write } from "../../e2e/parked";
import type { Product } from "../../e2e/setup";

export const ZONE = "order-commitment";

/** How many messages of the group are open, in an answer of the list of groups. */
export const openIn =
  (groupId: string) =>
  ({ groups }: { groups: { groupId: string; openN: number }[] }): number =>
    groups.find((group) => group.groupId === groupId)?.openN ?? 0;

/** How many messages of the zone are parked, in an answer of the list of zones. */
export const parkedIn = ({ zones }: { zones: { zoneId: string; parkedN: number | null }[] }): number =>
  zones.find((zone) => zone.zoneId === ZONE)?.parkedN ?? 0;

/** Parks one message after another at moments that have nothing to do with the worker's round; the times are from before each write. */
export async function parkOnes(product: Product, n: number, first: number): Promise<number[]> {
  const moments: number[] = [];
  for (let i = 0; i < n; i++) {
    await sleep(500 + Math.random() * 1_500);
    moments.push(performance.now());
    await write(product, ZONE, 1, { first: first + i });
  }
  return moments;
}
