import { expect, test } from "vitest";
import { minutes } from "../time";
import { type BulkAsked, type Workable, whyLeftOut } from "./bulk.rules";

const now = 1_800_000_000_000;
const open: Workable = {
  caseId: 101,
  causeKind: "group",
  assignee: null,
  assigneeName: null,
  acknowledgedAt: null,
  acknowledgedByName: null,
  snoozedUntil: null,
  wakesAt: null,
  resolvedAt: null,
  resolvedByName: null,
  askedBy: null,
  stands: true,
};
const resolved = { ...open, resolvedAt: now, resolvedByName: "Ann" };
const hers = { ...open, assignee: "ann", assigneeName: "Ann" };
const take: BulkAsked = { act: "assign", to: "me" };
const until = now + minutes(60);

test.each([
  [open, take, null],
  [hers, take, "Ann was first and has this case."],
  [hers, { act: "assign", to: "ann" }, "Ann has this case already."],
  [resolved, take, "CASE-101 was resolved by Ann; reopen it first."],
  [open, { act: "acknowledge" }, null],
  [{ ...open, acknowledgedAt: now, acknowledgedByName: "Ann" }, { act: "acknowledge" }, "Ann has already acknowledged CASE-101."],
  [open, { act: "snooze", until }, null],
  [{ ...open, snoozedUntil: until, wakesAt: until }, { act: "snooze", until }, "It is snoozed until then."],
  [open, { act: "resolve", resolution: "projection" }, null],
  [open, { act: "resolve", resolution: "converged" }, "The cause still stands, so it has not converged."],
  [{ ...open, stands: false }, { act: "resolve", resolution: "converged" }, null],
  [resolved, { act: "resolve", resolution: "projection" }, "CASE-101 was already resolved by Ann."],
  [
    { ...open, askedBy: "Bo" },
    { act: "resolve", resolution: "projection" },
    "Bo has asked for a second person; resolving waits for that.",
  ],
] as [Workable, BulkAsked, string | null][])("X5: of several cases, %#: left out, or done", (one, asked, why) => {
  expect(whyLeftOut(one, asked, now)).toBe(why);
});
