import { expect, test } from "vitest";
import { seconds } from "@/lib/time";
import { textOf } from "@/lib/words";
import { alertsSentence, furtherWords, pagedWords } from "./words";

const none = { raised: 0, acknowledged: 0, pending: 0 };
const now = 1_000_000;
const said = (counts: typeof none, ageMs: number | null) =>
  textOf(alertsSentence({ counts, now, evaluatedAt: ageMs === null ? null : now - ageMs }));

test("that no alert is open is said only while conditions are evaluated", () => {
  expect(said(none, seconds(12))).toBe("No alert is open.");
  expect(said(none, seconds(46))).toBe(
    "Conditions have not been evaluated for 46 s. Before, 0 alerts were open; what is wrong now nobody can tell.",
  );
  expect(said({ ...none, raised: 1 }, null)).toMatch(/^Conditions were not evaluated yet\. Before, 1 alert was open/);
});

test("what is open is told with how much of it nobody took", () => {
  expect(said({ raised: 2, acknowledged: 1, pending: 1 }, 0)).toBe(
    "3 alerts are open, 2 not acknowledged. 1 condition holds and must last longer to raise one.",
  );
  expect(said({ ...none, acknowledged: 1 }, 0)).toBe("1 alert is open, acknowledged.");
});

test("who was paged is said by name, and whom it is told further with the time that is left", () => {
  expect(pagedWords({ me: true, whom: "checkout" })).toBe("You were paged");
  expect(pagedWords({ me: false, whom: "checkout" })).toBe("checkout was paged");
  const further = (leftMs: number, ...to: string[]) => furtherWords({ next: { at: now + leftMs, to } }, now);
  expect(further(seconds(262), "chat", "mail")).toBe("Escalates to chat and mail in 4m 22s");
  expect(further(1, "chat")).toBe("Escalates to chat in 1 s");
  expect(further(-1, "chat")).toBe("Escalates to chat now");
  expect(further(seconds(5))).toBe("Goes to nobody else in 5 s");
  expect(furtherWords({ next: null }, now)).toBe("Nobody else is told by itself");
});
