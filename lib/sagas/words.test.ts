import { expect, test } from "vitest";
import { seconds } from "../time";
import { textOf } from "../words";
import { countdown } from "./words";

const now = Date.UTC(2026, 5, 18, 3, 21);

test.each([
  [seconds(80), 1, "In 1m 20s it starts to compensate."],
  [0, 3, "Now the first of 3 starts to compensate."],
  [-seconds(9), 1, "Now it starts to compensate."],
])("X26: what is due in %d ms, or was, is never due in no seconds", (leftMs, n, sentence) => {
  expect(textOf(countdown(now + leftMs, n, now))).toBe(sentence);
});
