import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { contractMap } from "../contracts/map.rules";
import { SourceFailure } from "../sources/failures.rules";
import type { Observed } from "../sources/observed";
import type { Held } from "../sources/sql";
import { Pages } from "./pages";

/** A source of pages one after another, each at the cursor of the one before; it tells what it was asked, and never answers two at once. */
function numbered(failsAt = -1) {
  const asked: unknown[] = [];
  let busy = 0;
  const poll = async (cursor: unknown) => {
    expect(++busy).toBe(1);
    asked.push(cursor);
    await setImmediate();
    busy--;
    const at = (cursor as { at: number } | null)?.at ?? 0;
    if (at === failsAt) throw new Error("no answer");
    return { deadLetters: [], held: [], cursor: { at: at + 1, left: undefined }, more: true };
  };
  const observed = { sourceId: "shop", source: { poll }, map: contractMap([], []) } as unknown as Observed;
  return { asked, pages: new Pages(observed, 10) };
}

const held = (epoch = 1) => ({ epoch, now: 1_000, heldAt: performance.now() }) as Held;

test("while a page is written the next one is read, once, whatever of its cursor the store does not keep", async () => {
  const { asked, pages } = numbered();
  const first = await pages.next(held(), null);
  pages.readAhead(held(), first);
  await setImmediate();
  expect(asked).toEqual([null, { at: 1 }]);
  const second = await pages.next(held(), { at: 1 });
  expect(second.poll.cursor).toMatchObject({ at: 2 });
  expect(asked).toHaveLength(2);
  expect(second.before).toBeGreaterThanOrEqual(1_000);
  expect(second.after).toBeGreaterThanOrEqual(second.before);
});

test.each([
  ["another worker held the source meanwhile", held(2), { at: 1 }],
  ["the store stands elsewhere, as when everything is read anew", held(), null],
])("a page that was read ahead counts for nothing where %s", async (_, then, cursor) => {
  const { asked, pages } = numbered();
  pages.readAhead(held(), await pages.next(held(), null));
  await pages.next(then, cursor);
  expect(asked).toEqual([null, { at: 1 }, cursor]);
});

test("a source that fails while it is read ahead has failed when its page is asked for, and not before", async () => {
  const { pages } = numbered(1);
  pages.readAhead(held(), await pages.next(held(), null));
  await setImmediate();
  await expect(pages.next(held(), { at: 1 })).rejects.toThrow(SourceFailure);
  pages.readAhead(held(), await pages.next(held(), null));
  await pages.settled();
});
