import { expect, test } from "vitest";
import { minutes } from "../time";
import { type Handled, ratesOf, spanOf } from "./headroom.rules";
import { roomWords, spanWords } from "./headroom-words";

const now = minutes(1_003);
const at = (ago: number, perSecond: number): Handled => ({ consumer: "stock", at: minutes(1_000 - ago), n: perSecond * 300 });
const [rate] = ratesOf(["stock"], [at(0, 500), at(5, 10), at(10, 14), at(60, 97)], now);

test("room is what a consumer was seen to handle within two hours, without what it handles lately and without the minutes under way", () => {
  expect(rate).toEqual({ consumer: "stock", lately: 12, most: 97 });
  expect(roomWords(rate!)).toBe(
    "stock has room for at least 85 a second on top of the 12 that it handles: it was seen to take so many within two hours.",
  );
  expect(roomWords(ratesOf(["stock"], [at(5, 3), at(10, 3)], now)[0]!)).toBe(
    "stock handles 3 a second lately, as many as it was seen to within two hours: whether it has room is not known.",
  );
});

test("a consumer of which nothing was counted is not known, which is not slow", () => {
  const [silent] = ratesOf(["stock"], [at(0, 9)], now);
  expect(silent).toEqual({ consumer: "stock", lately: null, most: null });
  expect(roomWords(silent!)).toBe("How much stock has room for is not known: nothing was counted of it within two hours.");
  expect(spanWords(spanOf(430, { perSecond: null, watchMs: 0 }, [silent!]))).toBe("How long it takes is not known.");
  expect(spanWords(spanOf(430, { perSecond: 5, watchMs: 0 }, [silent!]))).toBe("At least 1m 26s.");
});

test("it takes as long as the pace and the room say, and the watch", () => {
  const span = (n: number, perSecond: number | null, watchMs = 0) => spanWords(spanOf(n, { perSecond, watchMs }, [rate!]));
  expect(span(430, 5)).toBe("About 1m 26s.");
  expect(span(430, 5, 15_000)).toBe("About 1m 41s.");
  expect(span(97_000, 200)).toBe("8m 05s to 19m 01s.");
  expect(span(97_000, null)).toBe("Up to about 19m 01s.");
  expect(spanWords(spanOf(430, { perSecond: null, watchMs: 0 }, [rate!, rate!]))).toBe("How long it takes is not known.");
});
