import { expect, test } from "vitest";
import { captureAnswer } from "./capture-words";
import type { SlotFacts } from "./check.rules";

const slot = (more: Partial<SlotFacts> = {}): SlotFacts => ({
  ...{ slot: "orders_outbox", active: true, walStatus: "reserved", behindBytes: "9007199254740993" },
  ...{ lagMs: null, isTimed: true, unreadMs: null },
  ...more,
});
const said = captureAnswer;

test("C4: a slot that is read says how far it is with all digits", () => {
  expect(said([slot()])).toMatchObject({
    state: "ok",
    sentence:
      "Every slot is read: orders_outbox has acknowledged all but 9,007,199,254,740,993 bytes of what the whole database wrote.",
  });
  expect(said([slot({ behindBytes: null })]).sentence).toBe("Every slot is read: orders_outbox has acknowledged nothing yet.");
});

test("C4: how far a slot is in time is told as far as the server shows it, and said where it does not", () => {
  expect(said([slot({ lagMs: 3_200 })]).sentence).toMatch(/of what the whole database wrote, 3\.2 s after it was written\.$/);
  expect(said([slot({ isTimed: false })]).sentence).toMatch(/wrote \(in time: shown to members of pg_monitor\)\.$/);
  expect(said([slot({ active: false, unreadMs: 7_500_000 })]).sentence).toMatch(/wrote, and nobody has read it for 2h 05m\.$/);
});

test("C4: one stopped slot of several is worth knowing, all of them stop the events", () => {
  expect(said([slot(), slot({ slot: "old", active: false })]).state).toBe("warn");
  expect(said([slot({ active: false })]).state).toBe("fail");
});

test("C4: a log that is gone before it was read is a loss, whoever reads the slot", () => {
  expect(said([slot({ walStatus: "lost", active: false })])).toMatchObject({
    state: "fail",
    sentence: expect.stringContaining("is gone"),
    todo: expect.stringContaining("new snapshot"),
  });
  expect(said([slot({ walStatus: "unreserved" })]).sentence).toContain("about to go");
});
