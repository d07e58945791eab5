import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { audited } from "../audited";
import type { Actor, Ctx, Role } from "../context";
import { type TestStore, testStore } from "../db/testing";
import { cell, exportAudit } from "./export";
import { parseAuditExport, parseAuditFilter } from "./input";
import { listAudit } from "./service";

let store: TestStore;
const now = Date.UTC(2026, 5, 18, 3, 12, 41);
const N = 1_200;

const ctxOf = (name: string, role: Role, zones: string[] | null, at = now): Ctx => {
  const operatorId = `00000000-0000-4000-8000-0000000000${name.length + 10}`;
  const actor: Actor = { kind: "operator", operatorId, name, email: `${name}@x.example`, role, zones, sessionId: operatorId };
  return { db: store.db, actor, now: at };
};
const omar = (at = now) => ctxOf("Omar", "operator", null, at);
const reader = (zones: string[] | null) => ctxOf("Vera Reader", "viewer", zones);
const list = async (ctx: Ctx, input: Record<string, unknown> = {}) =>
  (await listAudit(ctx, parseAuditFilter(input))).entries.map(({ target, result }) => `${target.kind} ${target.id} ${result}`);

async function textOf(ctx: Ctx, input: Record<string, unknown>, most?: number): Promise<string> {
  const { chunks } = await exportAudit(ctx, parseAuditExport({ key: crypto.randomUUID(), ...input }), most);
  let text = "";
  for await (const chunk of chunks) text += chunk;
  return text;
}

beforeAll(async () => {
  store = await testStore();
  const act = (id: string, zones: string[], at: number, reason?: string) =>
    audited(omar(at), "dead_letter.discard", { kind: "dead_letter", id, zones }, async () => {}, { reason });
  await act("1", ["sales"], now - 5_000, '=HYPERLINK("http://x","press")');
  await act("2", ["sales", "books"], now - 4_000, "two\r\nlines, and a comma");
  await act("3", ["books"], now - 3_000, "for the books");
  await audited(omar(now - 2_000), "operation.pause", { kind: "operation", id: "1001", zones: ["sales"] }, async () => {});
  const vera = ctxOf("Vera", "viewer", ["books"], now - 1_000);
  await expect(
    audited(vera, "dead_letter.retry", { kind: "dead_letter", id: "4", zones: ["sales"] }, async () => {}),
  ).rejects.toMatchObject({ kind: "forbidden" });
});
afterAll(() => store.close());

test("the audit is narrowed by who, what, zone, target, result and time", async () => {
  const all = reader(null);
  expect(await list(all, { who: "Vera" })).toEqual(["dead_letter 4 denied"]);
  expect(await list(all, { action: "operation.pause" })).toEqual(["operation 1001 done"]);
  expect(await list(all, { zone: "books" })).toEqual(["dead_letter 3 done", "dead_letter 2 done"]);
  expect(await list(all, { targetKind: "dead_letter", targetId: "2" })).toEqual(["dead_letter 2 done"]);
  expect(await list(all, { result: "denied" })).toEqual(["dead_letter 4 denied"]);
  expect(await list(all, { since: String(now - 4_000), until: String(now - 2_000) })).toEqual([
    "dead_letter 3 done",
    "dead_letter 2 done",
  ]);
});

test("an entry says in words what was done, to what, and where that is seen", async () => {
  const [paused] = (await listAudit(reader(null), parseAuditFilter({ action: "operation.pause" }))).entries;
  expect(paused).toMatchObject({
    words: "pause an operation",
    targetText: "OP-1001",
    href: "/operations/1001",
    zones: [{ zoneId: "sales" }],
  });
});

test("who is limited to zones learns no name of another, neither from the list nor from a file", async () => {
  const books = reader(["books"]);
  const { entries } = await listAudit(books, parseAuditFilter({}));
  expect(entries.map(({ target }) => [target.id, target.zones])).toEqual([
    ["3", ["books"]],
    ["2", ["books"]],
  ]);
  for (const format of ["csv", "jsonl"]) {
    const text = await textOf(books, { format, until: now - 500 });
    expect(text).not.toMatch(/sales|1001/);
    expect(text).toContain("for the books");
  }
  expect(await list(reader([]))).toEqual(["audit jsonl done", "audit csv done"]);
});

test("a token for fewer zones sees those alone, also of what its owner did elsewhere", async () => {
  const own = ctxOf("Omar", "operator", ["books"]);
  expect(await list(own)).toContain("operation 1001 done");
  const actor = { ...own.actor, sessionId: null, token: { id: "00000000-0000-4000-8000-000000000099", name: "deploy" } } as Actor;
  const token = { ...own, actor };
  expect(await list(token)).toEqual(["dead_letter 3 done", "dead_letter 2 done"]);
});

test("a file has what the list has, ends with a line that says so, and is itself written down once", async () => {
  const lines = (await textOf(reader(null), { format: "jsonl", until: now - 500 }))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines.map((line) => line.target?.id)).toEqual(["4", "1001", "3", "2", "1", undefined]);
  expect(lines[0]).toMatchObject({ at: "2026-06-18T03:12:40.000Z", result: "denied" });
  expect(lines.at(-1)).toEqual({ end: { entries: 5, complete: true } });
  const csv = await textOf(reader(null), { until: now - 500 });
  expect(csv.split("\r\n")[0]).toBe("id,time,result,who,who_kind,operator_id,action,target_kind,target_id,zones,reason,detail");
  expect(csv).toContain(`"'=HYPERLINK(""http://x"",""press"")"`);
  expect(csv).toContain('"two\r\nlines, and a comma"');
  expect(csv).toMatch(/# complete: 5 entries\r\n$/);
  const key = "one-press";
  for (let i = 0; i < 3; i++) await exportAudit(omar(), parseAuditExport({ key, format: "csv" }));
  expect(await list(reader(null), { action: "audit.export", who: "Omar" })).toEqual(["audit csv done"]);
});

test("a long file is read page by page, none twice; one that is too long is cut and says where to go on", async () => {
  const at = now + 60_000;
  for (let i = 0; i < N; i += 50)
    await Promise.all(
      Array.from({ length: 50 }, (_, j) =>
        audited(
          omar(at + Math.floor((i + j) / 4)),
          "dead_letter.discard",
          { kind: "dead_letter", id: `long-${i + j}`, zones: ["sales"] },
          async () => {},
        ),
      ),
    );
  const late = { ...reader(null), now: at + N };
  const lines = async (most?: number) =>
    (await textOf(late, { format: "jsonl", who: "Omar", since: at - 1 }, most))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  const all = await lines();
  expect(all.pop()).toEqual({ end: { entries: N, complete: true } });
  expect(new Set(all.map((line) => line.id)).size).toBe(N);
  const cut = await lines(1_100);
  expect(cut.pop()).toEqual({ end: { entries: 1_100, complete: false, goOnWith: cut.at(-1).at } });
  expect(cut.map((line) => line.id)).toEqual(all.slice(0, 1_100).map((line) => line.id));
});

test("no cell begins a formula, and every cell is read back whole", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 20 }), (text) => {
      const written = cell(text);
      const read = written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written;
      expect(read).not.toMatch(/^[=+\-@\t\r\n]/);
      const without = (of: string) => of.replace(/(^|;)'(?=[=+\-@\t\r\n])/g, "$1");
      expect(without(read)).toBe(without(text));
      if (!written.startsWith('"')) expect(written).not.toMatch(/[,"\r\n]/);
    }),
  );
});

test.each([
  [{ since: "yesterday" }, /since/],
  [{ since: "2", until: "1" }, /ends before it begins/],
  [{ who: "x".repeat(201) }, /who/],
  [{ zone: "a\u0000" }, /zone/],
  [{ result: "perhaps" }, /done, denied, result/],
  [{ before: "1" }, /before/],
])("what the audit cannot be narrowed by is refused in words: %j", (input, words) => {
  expect(() => parseAuditFilter(input)).toThrow(words);
});

test("a file of a kind that nobody knows is refused", () => {
  expect(() => parseAuditExport({ key: "k", format: "xlsx" })).toThrow(/csv, jsonl/);
});
