import { expect, test } from "vitest";
import { reasonAsked } from "./words";

test("X26: a retry is asked what changed since the messages failed, a discard why nobody needs them", () => {
  expect(reasonAsked.retry.placeholder).toBe("What changed since they failed?");
  expect(reasonAsked.discard.placeholder).toBe("Why does nobody need them any more?");
  expect(reasonAsked.discard.short).not.toContain("changed");
});
