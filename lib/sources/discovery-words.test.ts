import { expect, test } from "vitest";
import { textOf } from "../words";
import { addressesOf, type Known } from "./discovery.rules";
import { discoverySentence, variableProblem } from "./discovery-words";
import { parseDiscovery } from "./input";
import type { DiscoveryLook, Recognised } from "./views";

const SECRET = "hunter2-canary";
const now = Date.UTC(2026, 5, 16, 3, 12);
const look = (over: Partial<DiscoveryLook>): DiscoveryLook => ({
  ...{ lookId: "1", askedBy: "Anna", askedAt: now, variables: ["ORDERS_URL"], sources: ["payments"] },
  ...{ state: "waiting", endedAt: null, problem: null, found: null },
  ...over,
});
const said = (over: Partial<DiscoveryLook> | null) =>
  textOf(discoverySentence({ now, sources: [], look: over === null ? null : look(over) }));

test("a screen says how a look stands, what it found, and what to do where nothing comes of it", () => {
  const recognised = ["pg-boss", "CAP", "pg-boss"].map((title) => ({ title }) as Recognised);
  const found = { databases: [{ tablesN: 12, recognised }], copies: ["a"], undecided: ["b", "c"] } as never;
  const none = { databases: [{ tablesN: 1, recognised: [] }], copies: [], undecided: [] } as never;
  expect(said(null)).toBe("Name the databases that you have, and Accord looks at what stands in them, read-only.");
  expect(said({ state: "running" })).toBe("A worker looks at ORDERS_URL and payments. It takes 10 s at most.");
  expect(said({ state: "failed", problem: "ORDERS_URL: The database refuses connections." })).toBe(
    "The look failed. ORDERS_URL: The database refuses connections.",
  );
  expect(said({ state: "lost" })).toContain("start it with npm run worker");
  expect(said({ state: "done", endedAt: now, found })).toBe(
    "Recognised pg-boss and CAP among 12 tables of 1 database. 1 pair of tables is copies by their keys. 2 things could not be decided, or were left out. Looked at 03:12 UTC for Anna.",
  );
  expect(said({ state: "done", endedAt: now, found: none })).toContain("Nothing was recognised among 1 table of 1 database.");
});

test("an address is never taken: neither the screen nor the API says it again, or sends it on", () => {
  const typed = `postgres://reader:${SECRET}@10.0.0.1/orders`;
  expect(variableProblem(typed)).toContain("Give the variable's name, not the address");
  expect(variableProblem("two words")).toContain("Expected the name of an environment variable");
  expect(variableProblem("ORDERS_DATABASE_URL")).toBeNull();
  for (const request of [{ variables: [typed] }, { variables: [`${SECRET}!`] }, { url: typed }, { sources: [] }]) {
    const refused = () => parseDiscovery({ ...request, key: "k" });
    expect(refused).toThrow(/must be the name of an environment variable|names no database/);
    try {
      refused();
    } catch (error) {
      expect(JSON.stringify([error, String(error)])).not.toContain(SECRET);
    }
  }
  expect(parseDiscovery({ variables: ["A_URL", "A_URL"], key: "k" })).toEqual({ variables: ["A_URL"], sources: [], key: "k" });
});

test("a name leads to what stands in the worker's environment or its files, never to Accord's own store", () => {
  const store = "postgres://accord_app:x@db:5432/accord";
  const orders = "postgres://reader:x@db/orders";
  const known: Known = {
    env: {
      DATABASE_URL: store,
      STORE_AGAIN: "postgres://other:y@db/accord",
      ORDERS_URL: orders,
      MYSQL_URL: "mysql://a:b@c/d",
      BROKEN: "postgres://",
    },
    sources: [
      { sourceId: "orders", url: orders },
      { sourceId: "own", url: store },
    ],
  };
  const variables = ["ORDERS_URL", "DATABASE_URL", "STORE_AGAIN", "MYSQL_URL", "NOWHERE", "toString"];
  expect(addressesOf({ variables, sources: ["orders", "own", "gone"] }, known)).toEqual([
    { called: "ORDERS_URL", url: orders, variable: "ORDERS_URL" },
    { called: "DATABASE_URL", problem: "own" },
    { called: "STORE_AGAIN", problem: "own" },
    { called: "MYSQL_URL", problem: "notPostgres" },
    { called: "NOWHERE", problem: "notSet" },
    { called: "toString", problem: "notSet" },
    { called: "orders", url: orders, variable: null },
    { called: "own", problem: "own" },
    { called: "gone", problem: "noSource" },
  ]);
});
