import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ctx } from "../../context";
import { rows } from "../../db/rows";
import { type TestPair, testPair } from "../../observation/testing";
import { makeOperator } from "../../operators/testing";
import { outcomeOf } from "../../outcome";
import { textOf } from "../../words";
import { closeLetters, returnLetters } from "../closing";
import { parseGroupFilter } from "../input";
import { listGroups, listMessages, readGroup, readMessage } from "../service";
import { parseGroupNote } from "../triage/input";
import { noteGroup } from "../triage/service";
import { parseMerge, parseSplit, parseSplitPreview, parseUndoRegroup } from "./input";
import { previewSplit } from "./reading";
import { mergeGroups, splitGroup, undoRegroup } from "./service";
import { settleRoutes } from "./settle";

let pair: TestPair;
let omar: Ctx;
let priya: Ctx;
let n = 0;
beforeAll(async () => {
  pair = await testPair({ connections: 8 });
  omar = (await makeOperator(pair.store.db, Date.now(), { name: "Omar" })).ctx;
  priya = (await makeOperator(pair.store.db, Date.now(), { name: "Priya", zones: ["sales"] })).ctx;
  await pair.observe("stock");
});
afterAll(() => pair.close());

const at = (ctx: Ctx): Ctx => ({ ...ctx, now: Date.now() });
const key = () => `key-${n++}`;
const refused = async (answer: Promise<unknown>) => {
  const outcome = await outcomeOf(() => answer);
  return outcome.ok ? "done" : `${outcome.refusal.kind}: ${outcome.refusal.message}`;
};
type Body = Record<string, unknown>;
const merge = (ctx: Ctx, groupId: number, groups: number[], own = key()) =>
  mergeGroups(at(ctx), parseMerge({ groupId, groups, key: own }));
const split = (ctx: Ctx, groupId: number, rule: Body, own = key()) =>
  splitGroup(at(ctx), parseSplit({ groupId, key: own, ...rule }));
const undo = (ctx: Ctx, groupId: number, routeId: string) =>
  undoRegroup(at(ctx), parseUndoRegroup({ groupId, routeId, key: key() }));

type Parked = { letter: string; messageId: string };
async function park(
  error: string,
  type = "Placed",
  own: { key?: string; version?: string; payload?: unknown } = {},
): Promise<Parked> {
  const messageId = randomUUID();
  const letter = await pair.park({ messageId, key: own.key ?? `S-${n++}`, type }, error);
  if (own.version || own.payload)
    await pair.stock.rows(
      "update messaging.dead_letter set consumer_version = coalesce($2, consumer_version), payload = coalesce($3::jsonb, payload) where message_id = $1",
      [messageId, own.version ?? null, own.payload === undefined ? null : JSON.stringify(own.payload)],
    );
  return { letter, messageId };
}
const observe = () => pair.observe("stock");
const groupOf = async ({ messageId }: Parked): Promise<number> =>
  (await rows<{ id: number }>(pair.store.db, sql`select group_id as id from dead_letter where message_id = ${messageId}`))[0]!.id;
const messagesOf = async (groupId: number): Promise<string[]> =>
  (await listMessages(at(omar), { groupId, key: null, after: null })).messages.map(({ messageId }) => messageId).sort();
const idsOf = (...parked: Parked[]): string[] => parked.map(({ messageId }) => messageId).sort();
const historyOf = async (groupId: number): Promise<string[]> =>
  (await readGroup(at(omar), { groupId })).triage.history.map(({ by, text }) => `${by} ${textOf(text)}`);

/** Groups whose counters say another number than there are. */
const miscounted = () =>
  rows(
    pair.store.db,
    sql`select g.group_id, g.open_n, g.total_n, g.versions, l.n, h.n as closed, l.versions as real, a.n as arrived from dead_letter_group g
          cross join lateral (select coalesce(jsonb_object_agg(v, c) filter (where v is not null), '{}') as versions from (select consumer_version as v, count(*) as c from dead_letter d where d.group_id = g.group_id group by 1) x) c0
          cross join lateral (select count(*)::int as n, c0.versions from dead_letter d where d.group_id = g.group_id) l
          cross join lateral (select count(*)::int as n from dead_letter_history d where d.group_id = g.group_id) h
          cross join lateral (select coalesce(sum(n), 0)::int as n from group_arrival a where a.group_id = g.group_id and level_s = 3600) a
          where g.open_n <> l.n or g.total_n <> l.n + h.n or a.n <> l.n + h.n or (select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(g.versions) where value <> '0') <> l.versions`,
  );

test("merged groups are one, for what comes later as well; owners and notes are kept, links lead on, and undone it is as it would have been", async () => {
  const [a, b] = [await park("SlowError: it broke"), await park("LateError: it broke")];
  await observe();
  const [into, other] = [await groupOf(a), await groupOf(b)];
  await noteGroup(at(priya), parseGroupNote({ groupId: other, text: "look at the pool", key: key() }));
  const answer = await merge(omar, into, [other], "once");
  expect(await merge(omar, into, [other], "once")).toEqual(answer);
  expect(answer).toMatchObject({ groupId: String(into), moving: false });
  const later = await park("LateError: it broke");
  await observe();
  expect(await messagesOf(into)).toEqual(idsOf(a, b, later));
  expect(await miscounted()).toEqual([]);
  const view = await readGroup(at(omar), { groupId: other });
  expect(view.placed.ledTo).toMatchObject({ groupId: String(into), by: "Omar" });
  expect(await historyOf(other)).toEqual([
    `Omar merged this group into group ${into}, with what fails so later`,
    "Priya wrote: “look at the pool”",
  ]);
  const found = async (query: string) => (await listGroups(at(omar), parseGroupFilter({ query }))).groups;
  for (const query of ["error:LateError", `group:${into}`, '"LateError"'])
    expect((await found(query)).map(({ groupId, regrouped }) => [groupId, regrouped.mergedN])).toEqual([[String(into), 1]]);
  const letter = await rows<{ id: number }>(pair.store.db, sql`select id from dead_letter where message_id = ${later.messageId}`);
  expect((await readMessage(at(omar), { id: letter[0]!.id })).errorType).toBe("LateError");

  expect(await refused(undo(priya, into, answer.routes[0]!))).toBe("done");
  expect(await refused(undo(omar, into, answer.routes[0]!))).toMatch(/^conflict: Priya was first: it was undone /);
  const last = await park("LateError: it broke");
  await observe();
  expect([await messagesOf(into), await messagesOf(other)]).toEqual([idsOf(a), idsOf(b, later, last)]);
  expect((await readGroup(at(omar), { groupId: other })).placed).toEqual({ ledTo: null, routes: [] });
  expect(await miscounted()).toEqual([]);
  const audit = await rows<{ action: string; result: string }>(
    pair.store.db,
    sql`select action, result from audit_entry where target_id = ${String(into)} and action in ('group.merge', 'group.undo') order by id`,
  );
  expect(audit.map(({ action, result }) => `${action} ${result}`)).toEqual([
    "group.merge done",
    "group.undo done",
    "group.undo denied",
  ]);
});

test("a part is split off by what its messages say, their version, key or payload, for those that come later as well; the rule is seen, and undone all are together", async () => {
  const says = await park("StockError: no stock in warehouse 7");
  const rest = await park("StockError: no stock in warehouse 8");
  const version = await park("StockError: no stock in warehouse 8", "Placed", { version: "2.9.0" });
  const byKey = await park("StockError: no stock in warehouse 8", "Placed", { key: "VIP-1" });
  const byPayload = await park("StockError: no stock in warehouse 8", "Placed", { payload: { line: { sku: "A-1" } } });
  await observe();
  const groupId = await groupOf(rest);
  const rules: [Body, Parked, string][] = [
    [{ says: "warehouse 7" }, says, "that say “warehouse 7”"],
    [{ version: "2.9.0" }, version, "of version 2.9.0"],
    [{ businessKey: "VIP-" }, byKey, "with keys that begin with VIP-"],
    [{ path: "payload.line.sku", value: "A-1" }, byPayload, "with payload.line.sku A-1"],
  ];
  const routes: string[] = [];
  for (const [rule, meant, words] of rules) {
    const asked = await previewSplit(at(omar), parseSplitPreview({ groupId, ...rule }));
    expect(asked).toMatchObject({ meantN: 1, ofN: 5 - routes.length, rule: words });
    const part = await split(omar, groupId, rule);
    expect(await messagesOf(Number(part.groupId))).toEqual(idsOf(meant));
    expect((await readGroup(at(omar), { groupId: Number(part.groupId) })).group.regrouped.rule).toBe(words);
    expect(await refused(split(priya, groupId, rule))).toBe(
      `conflict: Omar was first: messages ${words} are split off into group ${part.groupId}.`,
    );
    routes.push(part.routes[0]!);
  }
  expect(await messagesOf(groupId)).toEqual(idsOf(rest));
  expect(await refused(split(omar, groupId, { says: "warehouse" }))).toBe(
    "conflict: All messages of this group are that say “warehouse”: nothing would be left.",
  );
  const later = await park("StockError: no stock in warehouse 7");
  await observe();
  const part = await groupOf(says);
  expect(await messagesOf(part)).toEqual(idsOf(says, later));
  expect(await refused(split(omar, part, { version: "1.0" }))).toBe(
    `conflict: Nothing is split off a part that was split off: take group ${groupId}, or undo the split.`,
  );
  expect(await miscounted()).toEqual([]);
  for (const route of routes) await undo(omar, groupId, route);
  expect(await messagesOf(groupId)).toEqual(idsOf(says, rest, version, byKey, byPayload, later));
  expect((await readGroup(at(omar), { groupId: part })).placed.ledTo).toMatchObject({ groupId: String(groupId) });
  expect(await miscounted()).toEqual([]);
});

test("what is merged into a group follows its rules, and each undo brings back what it moved", async () => {
  const [a, b] = [await park("FirstError: at gate 1"), await park("OtherError: at gate 1")];
  const [a2, b2] = [await park("FirstError: at gate 2"), await park("OtherError: at gate 2")];
  await observe();
  const [into, other] = [await groupOf(a), await groupOf(b)];
  const part = await split(omar, into, { says: "gate 2" });
  const merged = await merge(omar, into, [other]);
  await settleRoutes(pair.store.db);
  const partId = Number(part.groupId);
  expect([await messagesOf(into), await messagesOf(partId)]).toEqual([idsOf(a, b), idsOf(a2, b2)]);
  const later = await park("OtherError: at gate 2");
  await observe();
  expect(await messagesOf(partId)).toEqual(idsOf(a2, b2, later));
  expect(await refused(merge(omar, into, [partId]))).toBe(
    `conflict: Group ${partId} is split off by a rule: undo the split instead.`,
  );
  await undo(omar, into, merged.routes[0]!);
  expect([await messagesOf(partId), await messagesOf(other)]).toEqual([idsOf(a2), idsOf(b, b2, later)]);
  await undo(omar, into, part.routes[0]!);
  expect(await messagesOf(into)).toEqual(idsOf(a, a2));
  expect(await miscounted()).toEqual([]);
});

test("what was closed in a part comes back to where it belongs by then", async () => {
  const [part, rest] = [await park("BackError: at gate 1"), await park("BackError: at gate 2")];
  await observe();
  const groupId = await groupOf(rest);
  const { routes } = await split(omar, groupId, { says: "gate 1" });
  const [letter] = await rows<{ id: number }>(
    pair.store.db,
    sql`select id from dead_letter where message_id = ${part.messageId}`,
  );
  const closing = { sourceId: "stock", ids: [letter!.id], as: "by_hand", written: false, operationId: 1, code: null } as const;
  await pair.store.db.transaction((tx) => closeLetters(tx, closing, Date.now()));
  await undo(omar, groupId, routes[0]!);
  await pair.store.db.transaction((tx) => returnLetters(tx, "stock", [letter!.id], Date.now()));
  expect(await messagesOf(groupId)).toEqual(idsOf(part, rest));
  expect(await miscounted()).toEqual([]);
});

test("two operators at once, each with the groups the other way round: one merges, the other is told who was first", async () => {
  for (let round = 0; round < 5; round++) {
    const [a, b] = [await park(`Left${round}Error: it broke`), await park(`Right${round}Error: it broke`)];
    await observe();
    const [left, right] = [await groupOf(a), await groupOf(b)];
    const answers = await Promise.all([refused(merge(omar, left, [right])), refused(merge(priya, right, [left]))]);
    const [winner, lost] = answers[0] === "done" ? ["Omar", answers[1]] : ["Priya", answers[0]];
    expect(answers).toContain("done");
    expect(lost).toMatch(new RegExp(`^conflict: ${winner} merged group \\d+ into group \\d+: go there\\.$`));
  }
  expect(await miscounted()).toEqual([]);
});

test("Trap 14, a row that changes while it is moved is dropped: beside what is parked and settled, merges, splits and their undo lose nothing and count all", async () => {
  let parkedN = 0;
  for (let round = 0; round < 4; round++) {
    const name = (which: string) => `Busy${which}${round}Error: at gate ${n++ % 3}`;
    const first = await Promise.all(["A", "B", "A", "B", "A", "B"].map((which) => park(name(which))));
    await observe();
    const [into, other] = [await groupOf(first[0]!), await groupOf(first[1]!)];
    const more = await Promise.all(["A", "B", "A", "B"].map((which) => park(name(which))));
    for (const { letter } of first.slice(2, 4)) await pair.settle(letter, "resolved");
    const [, merged, part] = await Promise.all([
      observe(),
      merge(omar, into, [other]),
      refused(split(priya, into, { says: "gate 1" })),
    ]);
    expect(part).toMatch(/^(done|conflict: )/);
    for (const { letter } of more.slice(0, 2)) await pair.settle(letter, "discarded");
    await Promise.all([observe(), settleRoutes(pair.store.db), round % 2 === 0 && undo(omar, into, merged.routes[0]!)]);
    await Promise.all([settleRoutes(pair.store.db), settleRoutes(pair.store.db)]);
    expect(await miscounted()).toEqual([]);
    parkedN += first.length + more.length;
    const of = (table: string) =>
      sql`select d.id from ${sql.raw(table)} d join dead_letter_group g using (group_id) where g.error_type like 'Busy%'`;
    const kept = await rows(pair.store.db, sql`${of("dead_letter")} union all ${of("dead_letter_history")}`);
    expect(kept).toHaveLength(parkedN);
  }
});

test("more than is moved at once goes on in the worker, two of them at once, and is said to be on its way", async () => {
  const [a, b] = [await park("ManyError: it broke"), await park("FewError: it broke")];
  await observe();
  const [many, few] = [await groupOf(a), await groupOf(b)];
  await pair.store.db.execute(
    sql`with l as (insert into dead_letter (source_id, source_seq, group_id, message_id, business_key, consumer_version, parked_at, since, seen_at, state, attempts, changed_at)
          select 'stock', 'm-' || i, ${many}::bigint, 'm-' || i, 'S-many', '', now(), now(), now(), 'parked', 5, now() from generate_series(1, 6000) i)
        update dead_letter_group set open_n = open_n + 6000, total_n = total_n + 6000, versions = add_counts(versions, '{"": 6000}') where group_id = ${many}`,
  );
  await pair.store.db.execute(
    sql`update group_arrival set n = n + 6000 where group_id = ${many} and (level_s, bucket) in (select level_s, max(bucket) from group_arrival where group_id = ${many} group by 1)`,
  );
  const { routes, moving } = await merge(omar, few, [many]);
  expect(moving).toBe(true);
  expect((await readGroup(at(omar), { groupId: few })).placed.routes).toMatchObject([{ kind: "merged_in", moving: true }]);
  await Promise.all([settleRoutes(pair.store.db), settleRoutes(pair.store.db)]);
  expect((await readGroup(at(omar), { groupId: few })).group.openN).toBe(6_002);
  await undo(omar, few, routes[0]!);
  await settleRoutes(pair.store.db);
  expect((await readGroup(at(omar), { groupId: many })).group.openN).toBe(6_001);
  expect(await miscounted()).toEqual([]);
});

test("groups of another event are not merged, and who may not is refused", async () => {
  const [placed, posted] = [await park("EventError: it broke"), await park("EventError: it broke", "Posted")];
  await observe();
  const [one, other] = [await groupOf(placed), await groupOf(posted)];
  expect(await refused(merge(omar, one, [other]))).toBe(
    `conflict: Only groups of one consumer and one event are merged: group ${other} is Posted at stock-service.`,
  );
  expect(await refused(merge(priya, one, [other]))).toMatch(/^not_found/);
  const viewer = (await makeOperator(pair.store.db, Date.now(), { role: "viewer", name: "Vera" })).ctx;
  expect(await refused(merge(viewer, one, [one]))).toMatch(/^forbidden/);
  expect(await refused(split(viewer, one, { says: "it broke" }))).toMatch(/^forbidden/);
  expect(await refused(undo(viewer, one, "1"))).toMatch(/^forbidden/);
});

test("a rule answers no guess of what is masked: neither by a path nor by what a message says", async () => {
  const mail = await park("MailError: no box for ada@example.org", "Placed", {
    payload: { customer: { email: "ada@example.org" } },
  });
  await park("MailError: no box for bob@example.org", "Placed", { payload: { customer: { email: "bob@example.org" } } });
  await observe();
  const groupId = await groupOf(mail);
  await pair.store.db.execute(
    sql`update contract_revision set body = jsonb_set(body, '{masking}', '["$.customer.email"]') where zone_id = 'sales'`,
  );
  const asked = (rule: Body) => refused(previewSplit(at(omar), parseSplitPreview({ groupId, ...rule })));
  expect(await asked({ path: "payload.customer.email", value: "ada@example.org" })).toMatch(
    /^invalid: payload.customer.email is masked/,
  );
  expect(await asked({ says: "ada@example.org" })).toBe(
    "conflict: No message of this group that is parked says “ada@example.org”.",
  );
  expect(await refused(split(omar, groupId, { says: "ada@example.org" }))).toMatch(/^conflict: No message/);
  // The sign of a masked value says "domain example.org", as both values do.
  expect(await asked({ says: "example.org" })).toMatch(/^conflict: No message/);
  const { samples } = await previewSplit(at(omar), parseSplitPreview({ groupId, says: "no box" }));
  expect(samples.join()).not.toMatch(/ada@|bob@/);
});
