import { expect, test } from "vitest";
import { minutes } from "../time";
import { type ReadyFacts, type ReadyGroup, type ReadySource, readinessOf, readinessQuestions, safetyOf } from "./readiness.rules";
import { checksWords, factWords } from "./readiness-words";

const now = minutes(1_000);
const group = (over: Partial<ReadyGroup> = {}): ReadyGroup => ({
  ...{
    groupId: 7,
    consumer: "stock",
    lastAt: now - minutes(5),
    seenAt: now - 1_000,
    live: "2.40.3",
    failsOnLive: false,
    waitsFor: null,
    ready: false,
  },
  ...over,
});
const source = (over: Partial<ReadySource> = {}): ReadySource => ({
  sourceId: "stock",
  drops: true,
  keyed: true,
  twiceN: 0,
  ...over,
});
const facts = (over: Partial<ReadyFacts> = {}): ReadyFacts => ({
  ...{ groups: [group()], moreGroups: false, sources: [source()], orderings: ["by-key"] },
  ...{ effects: [{ eventType: "StockReserved", to: ["orders", "billing"] }] },
  ...over,
});
const marks = { yes: "y", no: "n", unknown: "?" };

test.each<[what: string, over: Partial<ReadyFacts>, answers: string]>([
  ["all is known and well", {}, "yyyyy"],
  ["messages come in, whatever came last", { groups: [group({ lastAt: now - 1_000 })] }, "n?yyy"],
  ["nothing comes in, and it failed on the version that is live", { groups: [group({ failsOnLive: true })] }, "?nyyy"],
  ["nobody knows which version is live", { groups: [group({ live: null, failsOnLive: null })] }, "??yyy"],
  ["too much was closed to tell where it failed", { groups: [group({ failsOnLive: null })] }, "??yyy"],
  ["a group waits for a version that is not live", { groups: [group(), group({ waitsFor: "2.41.0" })] }, "ynyyy"],
  ["the version that it waited for is live", { groups: [group({ waitsFor: "2.40.3", ready: true })] }, "yyyyy"],
  ["one of several groups is not known", { groups: [group(), group({ live: null, failsOnLive: null })] }, "??yyy"],
  ["there are more groups than were looked at", { moreGroups: true }, "??yyy"],
  ["nobody looks at its source just now", { groups: [group(), group({ seenAt: now - minutes(1) })] }, "??yyy"],
  ["its source was never read whole", { groups: [group({ seenAt: null, failsOnLive: true })] }, "?nyyy"],
  ["its source is in accord.yaml no more", { sources: [source({ gone: true, drops: false, keyed: false })] }, "yy??y"],
  ["nothing is known of any group", { groups: [] }, "??yyy"],
  ["a framework does not tell whether it drops what it processed", { sources: [source({ drops: false })] }, "yy?yy"],
  ["lately something had its effect twice", { sources: [source({ twiceN: 3 })] }, "yynyy"],
  ["a source names no keys", { sources: [source(), source({ keyed: false })] }, "yyyny"],
  ["its contract asks for no order", { sources: [source({ keyed: false })], orderings: ["none"] }, "yyyyy"],
  ["no contract names it", { effects: null, orderings: [] }, "yyyy?"],
  ["it stands in zones that are not shown", { hidden: true }, "yyyy?"],
  ["its contract names nothing that it publishes", { effects: [] }, "yyyy?"],
])("ready to retry when %s: cause, version, repeats, order, effects", (_, over, answers) => {
  const said = readinessOf(facts(over), now);
  expect(said.map(({ question }) => question)).toEqual(readinessQuestions);
  expect(said.map(({ answer }) => marks[answer]).join("")).toBe(answers);
});

test.each<[over: Partial<ReadyFacts>, safety: string, words: string]>([
  [{}, "safe", "All 5 checks pass. Start with a canary."],
  [{ effects: null }, "not known", "4 of 5 checks pass, 1 is not known. Start with one message."],
  [{ groups: [group({ lastAt: now - 1_000 })] }, "not yet", "3 of 5 checks pass, 1 fails and 1 is not known."],
  [{ sources: [source({ keyed: false, twiceN: 3 })] }, "harmful", "3 of 5 checks pass, 2 fail."],
])("one no outweighs all else, and what is not known is not safe: %j is %s", (over, safety, words) => {
  const answers = readinessOf(facts(over), now);
  expect([safetyOf(answers), checksWords(answers)]).toEqual([safety, words]);
});

test("each answer names its fact", () => {
  const words = (over: Partial<ReadyFacts>) => readinessOf(facts(over), now).map(({ fact }) => factWords(fact));
  expect(words({})).toEqual([
    "Nothing came in lately, and the live version never failed so.",
    "2.40.3 is live and never failed so.",
    "What its consumer has processed is dropped.",
    "A key's next message goes when the one before has ended.",
    "Publishes StockReserved to 2 consumers.",
  ]);
  expect(words({ groups: [group({ waitsFor: "2.41.0", lastAt: now })], sources: [source({ drops: false })] })).toEqual([
    "Messages still come in at stock.",
    "Its group waits for 2.41.0, which is not live.",
    "stock does not tell whether a repeat is dropped.",
    "A key's next message goes when the one before has ended.",
    "Publishes StockReserved to 2 consumers.",
  ]);
  const gone = source({ gone: true, drops: false, keyed: false });
  expect(words({ groups: [group({ seenAt: null })], sources: [gone], hidden: true })).toEqual([
    "What came in at stock lately is not seen.",
    "What came in at stock lately is not seen.",
    "stock is in accord.yaml no more: nothing is known of it.",
    "stock is in accord.yaml no more: nothing is known of it.",
    "It stands in zones that are not yours as well: what their contracts name is not shown.",
  ]);
});
