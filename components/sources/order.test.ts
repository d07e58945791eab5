import { expect, test } from "vitest";
import { textOf } from "@/lib/words";
import { ordered } from "./order";
import { type FlowLine, flowWord, rateText, sourceRange, sourceSentence, sourcesSentence } from "./words";

const now = Date.UTC(2026, 5, 16, 3, 12);
const line = (name: string, more: Partial<FlowLine> = {}): FlowLine => ({
  kind: "consumer",
  name,
  sourceId: name,
  service: name,
  state: "works",
  waitingN: 0,
  oldestSince: null,
  windowMs: 300_000,
  lastAt: now - 1_000,
  perMinute: 60,
  trend: [],
  parkedN: 0,
  ...more,
});
const stock = line("stock", {
  state: "stopped",
  waitingN: 2_237,
  oldestSince: now - 360_000,
  lastAt: now - 350_000,
  perMinute: 0,
});
const mail = line("mail", { state: "unseen", waitingN: null, perMinute: 0, lastAt: null, parkedN: null });
const ledger = line("ledger", { waitingN: 3, oldestSince: now - 2_000 });
const lines = [ledger, mail, stock];
const names = (...by: [Parameters<typeof ordered>[1], boolean]) => ordered(lines, ...by, now).map(({ name }) => name);

test("X16: the table is worst first, by any column, and turned round; what is not known stands at the end both ways", () => {
  expect(names("worst", false)).toEqual(["stock", "mail", "ledger"]);
  expect(names("name", false)).toEqual(["ledger", "mail", "stock"]);
  expect(names("waiting", false)).toEqual(["stock", "ledger", "mail"]);
  expect(names("waiting", true)).toEqual(["ledger", "stock", "mail"]);
  expect(names("oldest", false)).toEqual(["stock", "ledger", "mail"]);
  expect(names("last", false)).toEqual(["ledger", "stock", "mail"]);
  expect(names("rate", false)[0]).toBe("ledger");
});

const view = (flows: FlowLine[], state: "live" | "silent" = "live") =>
  ({ now, sources: flows.map((flow) => ({ sourceId: flow.sourceId, service: flow.service, state, flows: [flow] })) }) as never;

test("X16: the sentence names who has stopped before anything else, with how much waits", () => {
  expect(textOf(sourcesSentence(view([stock, ledger])))).toBe(
    "stock processes nothing: 2,237 messages to go, the oldest from 03:06 UTC.",
  );
  expect(textOf(sourcesSentence(view([ledger])))).toBe("All 1 source is seen, and nothing waits for long.");
  const parks = line("pay", { state: "parks", parkedN: 245 });
  expect(textOf(sourcesSentence(view([parks, ledger])))).toBe("pay has parked 245 messages.");
  expect(textOf(sourcesSentence(view([stock, parks])))).toMatch(
    /^stock processes nothing: .* UTC\. pay has parked 245 messages\.$/,
  );
  expect(textOf(sourcesSentence(view([mail], "silent")))).toBe(
    "1 source of 1 is not seen: mail. What only they know is unknown, not healthy.",
  );
  expect(textOf(sourceSentence({ now, source: { service: "stock", state: "live", flows: [stock] } } as never))).toMatch(
    /^stock processes nothing: 2,237/,
  );
});

test("X16: a rate is never rounded to nothing", () => {
  expect([0, 0.02, 0.5, 9.96, 60.4, 12_345].map(rateText)).toEqual(["0", "< 0.1", "0.5", "10.0", "60", "12,345"]);
});

test("X16, X21: a source's chart opens so that it shows since when something waits", () => {
  const range = (flows: FlowLine[]) => sourceRange({ flows } as never, now);
  expect([range([stock, ledger]), range([ledger]), range([{ ...stock, oldestSince: now - 8 * 3_600_000 }])]).toEqual([
    "30m",
    "6h",
    "24h",
  ]);
});

test("X16: what is old is told as what was, and a database without messages is no consumer that keeps up", () => {
  expect([flowWord("works", false), flowWord("works", true), flowWord("unseen", true)]).toEqual([
    "Keeps up",
    "Was: keeps up",
    "Not seen",
  ]);
  const none = line("crm", { kind: "none", state: "idle", waitingN: null });
  expect(textOf(sourceSentence({ now, source: { service: "crm", state: "live", flows: [none] } } as never))).toBe(
    "crm is seen, and no contract sends messages through it.",
  );
});
