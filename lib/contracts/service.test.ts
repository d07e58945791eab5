import { sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Actor, Ctx } from "../context";
import { firstRow, rows } from "../db/rows";
import { type TestStore, testStore } from "../db/testing";
import { minutes, seconds } from "../time";
import { loadConfiguration } from "./files";
import type { Configuration } from "./rules";
import {
  applyConfiguration,
  readApplied,
  readConfigurationReports,
  readContractRevision,
  readContracts,
  readContractTab,
  reportBrokenConfiguration,
  withdrawConfigurationReport,
} from "./service";
import { accordText, contractText, environment, testFiles } from "./testing";

const now = Date.parse("2026-11-21T03:00:00Z");
let store: TestStore;

beforeEach(async () => {
  store = await testStore();
});
afterEach(() => store.close());

const ctx = (workerId: string, at = now): Ctx => ({ db: store.db, actor: { kind: "worker", workerId }, now: at });
const person = (zones: string[] | null): Ctx => {
  const actor: Actor = {
    kind: "operator",
    operatorId: "o",
    name: "Ann",
    email: "a@b.example",
    role: "viewer",
    zones,
    sessionId: "s",
  };
  return { db: store.db, actor, now };
};

async function configuration(
  contracts: Record<string, string> = { "a.yaml": contractText },
  accord = accordText,
): Promise<Configuration> {
  const named = Object.entries(contracts).map(([name, text]) => [`contracts/${name}`, text]);
  const files = await testFiles({ "accord.yaml": accord, ...Object.fromEntries(named) });
  const loaded = await loadConfiguration(files.path, environment);
  await files.remove();
  if (!loaded.ok) throw new Error(loaded.problems[0]!.message);
  return loaded.configuration;
}

const titled = (title: string) => configuration({ "a.yaml": contractText.replace("title: Order Commitment", `title: ${title}`) });
const second =
  "version: 1\nzone: second\ntitle: Second\npromise: p\nexpectation: { class: eventual, window: 5m }\naccountability: { owner: o }\n";

test("S9: other files in force are an entry of the audit: hashes and what changed, once, and no address", async () => {
  const entries = () =>
    rows<{ actor: string; zones: string[]; detail: { changed: string[]; parts: Record<string, string> } }>(
      store.db,
      sql`select actor_name as actor, zones, detail from audit_entry where action = 'configuration.apply' order by id`,
    );
  await applyConfiguration(ctx("one"), await configuration());
  await applyConfiguration(ctx("one", now + 1), await configuration());
  const masked = `${contractText.replace(/\nmasking:[\s\S]*?(?=\n\S|$)/, "")}\nmasking: ["$.payload.email"]\n`;
  await applyConfiguration(ctx("one", now + 2), await configuration({ "a.yaml": masked, "b.yaml": second }));
  const [first, next, ...rest] = await entries();
  expect(rest).toEqual([]);
  expect(first).toMatchObject({
    actor: "one",
    zones: [],
    detail: { changed: expect.arrayContaining([expect.stringMatching(/^source \S+ is new$/)]) },
  });
  expect(next!.detail.changed).toEqual([
    "contract order-commitment is another one",
    "contract second is new",
    "masking of order-commitment is another one",
    "masking of second is new",
  ]);
  for (const hash of Object.values(next!.detail.parts)) expect(hash).toMatch(/^[0-9a-f]{16}$/);
  expect(JSON.stringify([first, next])).not.toContain("postgres");
});

test("the same files again change nothing, and are read back as they were", async () => {
  const files = await configuration();
  expect(await applyConfiguration(ctx("w1"), files)).toEqual({
    outcome: "applied",
    changed: [{ zoneId: "order-commitment", revision: 1 }],
    retired: [],
  });
  const before = await rows(store.db, sql`select xmin::text, * from zone union all select xmin::text, * from zone`);
  expect(await applyConfiguration(ctx("w1", now + 1), files)).toEqual({ outcome: "unchanged", changed: [], retired: [] });
  expect(await rows(store.db, sql`select xmin::text, * from zone union all select xmin::text, * from zone`)).toEqual(before);
  expect(await readContracts(store.db)).toEqual(files.contracts.map((text) => text.contract));
  expect(await readApplied(store.db)).toEqual({ environment: "test", contentHash: files.contentHash, at: now, workerId: "w1" });
});

test("a contract is read once for each content, and anew when its content or what was made of it changes", async () => {
  await applyConfiguration(ctx("worker a"), await titled("As it was"));
  const [first] = await readContracts(store.db);
  expect((await readContracts(store.db))[0]).toBe(first);
  await applyConfiguration(ctx("worker a", now + 1_000), await titled("Another"));
  expect((await readContracts(store.db)).map(({ title }) => title)).toEqual(["Another"]);
  await applyConfiguration(ctx("worker a", now + 2_000), await titled("As it was"));
  expect((await readContracts(store.db))[0]).toBe(first);
  await store.db.execute(sql`update contract_revision set body = jsonb_set(body, '{title}', '"Normalised anew"')`);
  expect((await readContracts(store.db)).map(({ title }) => title)).toEqual(["Normalised anew"]);
});

test("eight workers with the same files at once make one revision", async () => {
  const files = await configuration();
  const applied = await Promise.all(Array.from({ length: 8 }, (_, i) => applyConfiguration(ctx(`w${i}`), files)));
  expect(applied.filter((one) => one.outcome === "applied")).toHaveLength(1);
  expect(applied.filter((one) => one.outcome === "unchanged")).toHaveLength(7);
  expect(await rows(store.db, sql`select revision from contract_revision`)).toEqual([{ revision: 1 }]);
  expect(await rows(store.db, sql`select revision from contract_application`)).toEqual([{ revision: 1 }]);
});

test("a worker's own change is a new revision, and going back makes the old one current without a new number", async () => {
  const [first, other] = [await configuration(), await titled("Other")];
  await applyConfiguration(ctx("w1"), first);
  await applyConfiguration(ctx("w2"), first);
  expect(await applyConfiguration(ctx("w1", now + 1), other)).toMatchObject({ outcome: "applied", changed: [{ revision: 2 }] });
  await applyConfiguration(ctx("w2", now + 2), other);
  expect(await applyConfiguration(ctx("w2", now + 3), first)).toMatchObject({ outcome: "applied", changed: [{ revision: 1 }] });
  const tab = await readContractTab(person(null), { zoneId: "order-commitment" });
  expect(tab).toMatchObject({ title: "Order Commitment", revision: 1, yaml: contractText, retiredAt: null });
  expect(tab.revisions).toMatchObject([
    { revision: 2, appliedAt: now + 1, appliedBy: "w1" },
    { revision: 1, appliedAt: now, appliedBy: "w1" },
  ]);
  expect(tab.applications).toEqual([
    { revision: 1, at: now + 3, workerId: "w2" },
    { revision: 2, at: now + 1, workerId: "w1" },
    { revision: 1, at: now, workerId: "w1" },
  ]);
  expect(await readContractRevision(person(null), { zoneId: "order-commitment", revision: 2 })).toMatchObject({
    yaml: expect.stringContaining("title: Other"),
  });
});

test("a worker that comes with other files reports them and fights nobody; it applies them once the others are silent", async () => {
  const [first, other] = [await configuration(), await titled("Other")];
  await applyConfiguration(ctx("w1"), first);
  for (let round = 1; round <= 3; round++) {
    expect(await applyConfiguration(ctx("w2", now + round), other)).toEqual({ outcome: "differs", changed: [], retired: [] });
    expect(await applyConfiguration(ctx("w1", now + round), first)).toMatchObject({ outcome: "unchanged" });
  }
  expect(await readConfigurationReports({ ...person(null), now: now + 3 })).toMatchObject([
    { workerId: "w1", differs: false, live: true },
    { workerId: "w2", differs: true, live: true },
  ]);
  expect(await applyConfiguration(ctx("w2", now + seconds(34)), other)).toMatchObject({
    outcome: "applied",
    changed: [{ revision: 2 }],
  });
});

test("a worker that ends in good order makes way at once", async () => {
  await applyConfiguration(ctx("w1"), await configuration());
  await withdrawConfigurationReport(ctx("w1"));
  expect(await applyConfiguration(ctx("w2", now + 1), await titled("Other"))).toMatchObject({ outcome: "applied" });
});

test("a broken file changes nothing, is reported, and its worker still holds what is in force", async () => {
  const files = await configuration();
  await applyConfiguration(ctx("w1"), files);
  const problem = {
    file: "accord.yaml",
    line: 1,
    column: 1,
    path: "",
    message: "Expected a file, found none.",
    severity: "error" as const,
  };
  await reportBrokenConfiguration(ctx("w1", now + 1), [problem]);
  expect(await readContracts(store.db)).toHaveLength(1);
  expect(await readConfigurationReports({ ...person(null), now: now + 1 })).toMatchObject([
    { workerId: "w1", ok: false, problems: [problem], differs: false },
  ]);
  expect(await applyConfiguration(ctx("w2", now + 2), await titled("Other"))).toMatchObject({ outcome: "differs" });
});

test("a zone that no file names is retired with its history, and comes back when one does", async () => {
  const both = await configuration({ "a.yaml": contractText, "b.yaml": second });
  await applyConfiguration(ctx("w1"), both);
  expect(await applyConfiguration(ctx("w1", now + 1), await configuration({ "b.yaml": second }))).toMatchObject({
    changed: [],
    retired: ["order-commitment"],
  });
  expect((await readContracts(store.db)).map((contract) => contract.zoneId)).toEqual(["second"]);
  expect(await firstRow(store.db, sql`select count(*) as n from zone_event`)).toEqual({ n: 0 });
  expect(await readContractTab(person(null), { zoneId: "order-commitment" })).toMatchObject({
    retiredAt: now + 1,
    applications: [{ revision: null }, { revision: 1 }],
  });
  await applyConfiguration(ctx("w1", now + 2), both);
  expect(await readContractTab(person(null), { zoneId: "order-commitment" })).toMatchObject({ retiredAt: null, revision: 1 });
});

test("events can be joined: one row for the event, one for each consumer that it obliges", async () => {
  await applyConfiguration(ctx("w1"), await configuration());
  const found = await rows(store.db, sql`select source_id, event_type, consumer from zone_event order by 1, 2, 3`);
  expect(found.map((row) => Object.values(row as object).join(" "))).toEqual([
    "orders OrderSubmitted ",
    "orders OrderSubmitted payment-service",
    "payments PaymentAuthorized ",
    "payments PaymentAuthorized order-service",
    "payments PaymentAuthorized order-view",
  ]);
});

test("the linter's warnings stand beside the zone that they are about", async () => {
  const warning = { file: "contracts/a.yaml", line: 1, column: 1, path: "", message: "Weak.", severity: "warning" as const };
  await applyConfiguration(ctx("w1"), await configuration({ "a.yaml": contractText, "b.yaml": second }), [warning]);
  expect(await readContractTab(person(null), { zoneId: "order-commitment" })).toMatchObject({ warnings: [warning] });
  expect(await readContractTab(person(null), { zoneId: "second" })).toMatchObject({ warnings: [] });
});

test("a zone is shown to those who have it, and to others it does not exist", async () => {
  await applyConfiguration(ctx("w1"), await configuration());
  expect(await readContractTab(person(["order-commitment"]), { zoneId: "order-commitment" })).toMatchObject({
    zoneId: "order-commitment",
  });
  await expect(readContractTab(person(["second"]), { zoneId: "order-commitment" })).rejects.toMatchObject({ kind: "not_found" });
  await expect(readContractTab(person(null), { zoneId: "none" })).rejects.toMatchObject({ kind: "not_found" });
  await expect(readContractRevision(person(["second"]), { zoneId: "order-commitment", revision: 1 })).rejects.toMatchObject({
    kind: "not_found",
  });
});

test("a person does not apply configuration", async () => {
  await expect(applyConfiguration(person(null), await configuration())).rejects.toMatchObject({ kind: "forbidden" });
});

test("no password reaches the store", async () => {
  const broken = await testFiles({ "accord.yaml": accordText.replace("act: false", "act: 1"), "contracts/a.yaml": contractText });
  const loaded = await loadConfiguration(broken.path, environment);
  await broken.remove();
  await reportBrokenConfiguration(ctx("w1"), loaded.ok ? [] : loaded.problems);
  await applyConfiguration(ctx("w1", now + minutes(1)), await configuration());
  const tables = [
    "contract_revision",
    "contract_application",
    "zone",
    "zone_event",
    "configuration_applied",
    "configuration_report",
  ];
  for (const table of tables)
    expect(JSON.stringify(await rows(store.db, sql`select * from ${sql.identifier(table)}`))).not.toContain("pa55");
});
