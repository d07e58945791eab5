import { expect, test } from "vitest";
import type { Contract } from "../contracts/rules";
import { hours, minutes, seconds } from "../time";
import { type RuleStanding, uncomparedRules } from "./vouching.rules";

const now = hours(1_000);
const sides = { authority: { sourceId: "inventory" }, projection: { sourceId: "orders" } };
const rule = { rule: "stock-agrees", everyMs: minutes(10), ...sides };
const contract = { recovery: { reconciliation: [rule] } } as unknown as Contract;
const source = { sourceId: "orders", service: "order-service", observedAt: now, error: null, oldestSince: null };
const uncompared = (standing: RuleStanding[], observedAt: number | null = now) =>
  uncomparedRules([{ ...source, observedAt }], contract, standing, now);
const well: RuleStanding = {
  rule: "stock-agrees",
  ranAt: now - minutes(5),
  nextRunAt: now + minutes(5),
  error: null,
  errorSince: null,
};
const why = "The observer may not read stock_view: grant select on stock_view to it.";
const standsWith = (over: Partial<RuleStanding>) => uncompared([{ ...well, ...over }]);

test.each<[what: string, over: Partial<RuleStanding>]>([
  ["ran in its last round", {}],
  ["ran a round ago and runs for four minutes now", { ranAt: now - minutes(14), nextRunAt: now - minutes(4) }],
  ["has failed for half a minute", { error: why, errorSince: now - seconds(30) }],
  ["has just begun and has its first turn", { ranAt: null, nextRunAt: now - minutes(1) }],
])("a rule that %s is no doubt", (_, over) => expect(standsWith(over)).toEqual([]));

test("a rule that has failed for a minute is one, with its reason", () => {
  const errorSince = now - minutes(2);
  expect(standsWith({ error: why, errorSince })).toEqual([{ rule: "stock-agrees", why, since: errorSince }]);
});

test("so is one whose runs never end, whether it says why or not, and one that never had its turn", () => {
  const ranAt = now - minutes(26);
  const silent = "No run of it has ended since.";
  expect(standsWith({ ranAt })).toEqual([{ rule: "stock-agrees", why: silent, since: ranAt }]);
  expect(standsWith({ ranAt, error: why, errorSince: now })).toEqual([{ rule: "stock-agrees", why, since: ranAt }]);
  const nextRunAt = now - minutes(16);
  expect(standsWith({ ranAt: null, nextRunAt })).toEqual([{ rule: "stock-agrees", why: silent, since: nextRunAt }]);
});

test("a rule that no worker knows yet is none", () => expect(uncompared([])).toEqual([]));

test.each([null, now - seconds(16)])("nor is one of which a side was seen last at %s: that is told as silence", (seenAt) =>
  expect(uncompared([{ ...well, error: why, errorSince: now - minutes(2) }], seenAt)).toEqual([]),
);
