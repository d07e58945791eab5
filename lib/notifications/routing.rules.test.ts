import { expect, test } from "vitest";
import type { Route } from "../channels/rules";
import { channelsFor, type DueStep, decide, type Stand } from "./routing.rules";

const route = (more: Partial<Route>): Route => ({
  ...{ zones: [], owners: [], severity: null, days: [], hours: null, timeZone: "UTC", to: [], escalate: [] },
  ...more,
});
const channels = ["pager", "chat", "mail"];
const of = (notify: string[] = []) => ({ zoneId: "sales", owner: "checkout", severity: "page" as const, notify });
const told = (routes: Route[], level = 0, notify: string[] = []) => channelsFor(of(notify), level, 0, { routes, channels });

test("without routes everybody is told, and what the contract names comes first", () => {
  expect(told([])).toEqual(channels);
  expect(told([], 0, ["chat"])).toEqual(["chat"]);
  expect(told([route({ to: ["mail"] })], 0, ["chat", "no-channel"])).toEqual(["chat"]);
  expect(told([route({ to: ["mail"] })], 0, ["no-channel"])).toEqual(["mail"]);
});

test("every route that matches counts, by zone, owner and severity", () => {
  const routes = [
    route({ zones: ["sales"], to: ["chat"] }),
    route({ zones: ["books"], to: ["mail"] }),
    route({ owners: ["checkout"], severity: "page", to: ["pager"] }),
    route({ severity: "ticket", to: ["mail"] }),
  ];
  expect(told(routes)).toEqual(["pager", "chat"]);
});

test("further steps are those of the routes, the last of them again; without steps everybody is told again", () => {
  const routes = [route({ to: ["chat"], escalate: [["pager"], ["pager", "mail"]] }), route({ zones: ["books"], to: ["mail"] })];
  expect([1, 2, 3, 5].map((level) => told(routes, level, ["chat"]))).toEqual([
    ["pager"],
    ["pager", "mail"],
    ["pager", "mail"],
    ["pager", "mail"],
  ]);
  expect(told([route({ to: ["mail"] })], 2, ["chat"])).toEqual(["chat"]);
});

const step = (n: number, kind: DueStep["kind"], more: Partial<DueStep> = {}): DueStep => ({
  n,
  kind,
  at: 0,
  level: 0,
  held: null,
  ...more,
});
const decided = (steps: DueStep[], stand: Partial<Stand> = {}) =>
  decide(steps, { cleared: false, silenced: false, inhibited: false, told: [], ...stand }, (level) => [`to ${level}`]).map(
    (one) => (one.act === "tell" ? `${one.n} to ${one.channels.join("+")}` : `${one.n} ${one.act}`),
  );

test.each<[string, DueStep[], Partial<Stand>, string[]]>([
  ["raised", [step(1, "raised")], {}, ["1 to to 0"]],
  ["raised and over, both at once", [step(1, "raised"), step(2, "cleared")], { cleared: true }, ["1 to to 0", "2 to to 0"]],
  ["told further", [step(2, "escalated", { level: 1 })], { told: ["to 0"] }, ["2 to to 1"]],
  ["taken, and nobody knows of it", [step(2, "acknowledged")], {}, ["2 drop"]],
  ["over, for those who know of it", [step(4, "cleared")], { cleared: true, told: ["a", "b"] }, ["4 to a+b"]],
  ["silenced", [step(1, "raised")], { silenced: true }, ["1 hold"]],
  ["a consequence", [step(1, "raised")], { inhibited: true }, ["1 hold"]],
  [
    "silenced and over before anybody was told",
    [step(1, "raised", { held: "silenced" }), step(2, "cleared")],
    { silenced: true, cleared: true },
    ["1 drop", "2 drop"],
  ],
  [
    "silenced and over, and somebody knows of it",
    [step(3, "cleared")],
    { silenced: true, cleared: true, told: ["a"] },
    ["3 hold"],
  ],
  [
    "a consequence that is over, and somebody knows of it",
    [step(3, "cleared")],
    { inhibited: true, cleared: true, told: ["a"] },
    ["3 to a"],
  ],
  [
    "the silence ends, and it still stands: told once, to all who would know by now",
    [step(1, "raised", { held: "silenced" }), step(2, "escalated", { level: 1, held: "silenced" })],
    {},
    ["1 drop", "2 to to 0+to 1"],
  ],
  [
    "it stands alone now: the step that says so is the one that is told",
    [step(1, "raised", { held: "inhibited" }), step(2, "raised")],
    {},
    ["1 drop", "2 to to 0"],
  ],
  [
    "the silence ends, and somebody took it meanwhile",
    [step(1, "raised", { held: "silenced" }), step(2, "acknowledged", { held: "silenced" })],
    {},
    ["1 to to 0", "2 to to 0"],
  ],
  [
    "the silence ends, and it was told before and is over",
    [step(2, "escalated", { level: 1, held: "silenced" }), step(3, "cleared", { held: "silenced" })],
    { cleared: true, told: ["a"] },
    ["2 drop", "3 to a"],
  ],
])("%s", (_, steps, stand, expected) => {
  expect(decided(steps, stand)).toEqual(expected);
});
