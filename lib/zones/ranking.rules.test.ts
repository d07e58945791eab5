import { expect, test } from "vitest";
import { type Ranked, rootsFirst } from "./ranking.rules";

const cause = (id: string, rank: Ranked["rank"], keysN: number, follows: string | null = null): Ranked => ({
  id,
  rank,
  keysN,
  follows,
});
const shown = (...causes: Ranked[]) => rootsFirst(causes).map(({ id, follows }) => (follows ? `${id} < ${follows}` : id));

test.each<[string, Ranked[], string[]]>([
  [
    "the most urgent first, then by keys",
    [cause("a", 2, 90), cause("b", 1, 3), cause("c", 1, 7), cause("d", 0, 1)],
    ["d", "c", "b", "a"],
  ],
  [
    "X6: a consequence stands under its root, which takes its urgency",
    [cause("late saga", 0, 12, "lost"), cause("lost", 1, 31), cause("parked", 1, 40)],
    ["lost", "late saga < lost", "parked"],
  ],
  [
    "what follows from a consequence follows from the root",
    [cause("saga", 0, 2, "held"), cause("held", 1, 5, "parked"), cause("parked", 2, 3)],
    ["parked", "saga < parked", "held < parked"],
  ],
  ["a root that is not there leaves its consequence a root", [cause("saga", 0, 2, "gone")], ["saga"]],
  ["two that follow from each other are both shown", [cause("a", 1, 2, "b"), cause("b", 1, 3, "a")], ["b", "a"]],
])("%s", (_, causes, expected) => expect(shown(...causes)).toEqual(expected));
