import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ctx } from "../../context";
import { rows } from "../../db/rows";
import { type Sent, type TestPair, testPair } from "../../observation/testing";
import { makeOperator } from "../../operators/testing";
import { outcomeOf } from "../../outcome";
import { hours, minutes } from "../../time";
import { textOf } from "../../words";
import { judgeZones } from "../../zones/judge";
import { parseGroupFilter } from "../input";
import { listGroups, readGroup, readMessage } from "../service";
import { followGroups } from "./follow";
import { parseGroupAssign, parseGroupNote, parseGroupState, parseGroupTicket } from "./input";
import { assignGroup, noteGroup, setGroupState, setGroupTicket } from "./service";

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

const at = (ctx: Ctx, now = Date.now()): Ctx => ({ ...ctx, now });
const idOf = ({ actor }: Ctx): string => (actor.kind === "operator" ? actor.operatorId : "");
const refused = async (answer: Promise<unknown>) => {
  const outcome = await outcomeOf(() => answer);
  return outcome.ok ? "done" : `${outcome.refusal.kind}: ${outcome.refusal.message}`;
};
const key = () => `key-${n++}`;
type Body = Record<string, unknown>;
const state = (ctx: Ctx, groupId: number, body: Body) =>
  setGroupState(at(ctx), parseGroupState({ groupId, key: key(), ...body }));
const assign = (ctx: Ctx, groupId: number, to: string | null, from: string | null = null) =>
  assignGroup(at(ctx), parseGroupAssign({ groupId, to, from, key: key() }));

/** Parks a message that fails in a way of its own, and gives it with its group. */
async function parked(error: string, type = "Placed"): Promise<{ sent: Sent; letter: string; groupId: number }> {
  const sent = { messageId: randomUUID(), key: `S-${n++}`, type };
  const letter = await pair.park(sent, `${error}: it broke`);
  await pair.observe("stock");
  const [found] = await rows<{ groupId: number }>(
    pair.store.db,
    sql`select group_id as "groupId" from dead_letter where message_id = ${sent.messageId}`,
  );
  return { sent, letter, groupId: found!.groupId };
}
/** Settles a letter at its service, as a handler does. */
async function settled(letter: string): Promise<void> {
  await pair.settle(letter, "resolved");
  await pair.observe("stock");
}
const follow = (now = Date.now()) => followGroups(pair.store.db, now);
const group = async (groupId: number, ctx = omar) => readGroup(at(ctx), { groupId });
const standing = async (groupId: number) => {
  const { group: row } = await group(groupId);
  return [row.triage.word, textOf(row.triage.detail)].filter(Boolean).join(": ");
};
const history = async (groupId: number) =>
  (await group(groupId)).triage.history.map(({ by, text }) => `${by} ${textOf(text)}`.replace(/ \d\d:\d\d UTC/, ""));
const live = (version: string, agoMs: number, kind = "deploy") =>
  pair.store.db.execute(
    sql`insert into deploy (source_id, consumer, version, at, kind) values ('stock', 'stock-service', ${version}, to_timestamp(${(Date.now() - agoMs) / 1000}::float8), ${kind})`,
  );
const later = minutes(2);

test("two operators at once: one takes the group, the other is told who; the first is one entry in history and audit", async () => {
  const { groupId } = await parked("TakenError");
  const answers = await Promise.all([refused(assign(omar, groupId, idOf(omar))), refused(assign(priya, groupId, idOf(priya)))]);
  const [won, lost] = answers[0] === "done" ? ["Omar", answers[1]] : ["Priya", answers[0]];
  expect(lost).toBe(`conflict: ${won} has this group.`);
  expect(await standing(groupId)).toBe("Investigating");
  expect(await history(groupId)).toEqual([`${won} took the group`]);
  const audit = await rows<{ who: string; result: string }>(
    pair.store.db,
    sql`select actor_name as who, result from audit_entry where target_kind = 'dead_letter_group' and target_id = ${String(groupId)} order by result desc`,
  );
  expect(audit.map(({ who, result }) => `${who} ${result}`).sort()).toEqual(
    [`${won} done`, `${won === "Omar" ? "Priya" : "Omar"} denied`].sort(),
  );
});

test("eight change the state that all of them saw: one does, seven are told to what; a repeat under its key changes nothing", async () => {
  const { groupId } = await parked("RacedError");
  const request = parseGroupState({ groupId, from: 0, state: "waiting", waitsFor: "2.40.3", key: "same" });
  const answers = await Promise.all([
    ...Array.from({ length: 4 }, () => refused(state(priya, groupId, { from: 0, state: "waiting", waitsFor: "2.40.3" }))),
    ...Array.from({ length: 4 }, () => refused(setGroupState(at(priya), request))),
  ]);
  const told = answers.filter((answer) => answer !== "done");
  expect(told.every((answer) => /^conflict: Priya was first: this group is waiting for 2.40.3 since /.test(answer))).toBe(true);
  expect(await history(groupId)).toEqual(["Priya waits for 2.40.3, which should bring the fix"]);
});

test("notes keep their authors, the ticket is one that everybody has seen, and who may not is refused and written down", async () => {
  const { groupId } = await parked("NotedError");
  await noteGroup(at(omar), parseGroupNote({ groupId, text: "see https://wiki.example/x", key: key() }));
  const set = (ctx: Ctx, ticket: string | null, from: string | null) =>
    setGroupTicket(at(ctx), parseGroupTicket({ groupId, ticket, from, key: key() }));
  await set(priya, "OPS-7", null);
  expect(await refused(set(omar, "OPS-8", null))).toBe("conflict: Priya set the ticket OPS-7.");
  expect(await history(groupId)).toEqual(["Priya set the ticket: OPS-7", "Omar wrote: “see https://wiki.example/x”"]);
  const viewer = (await makeOperator(pair.store.db, Date.now(), { role: "viewer", name: "Vera" })).ctx;
  const elsewhere = (await makeOperator(pair.store.db, Date.now(), { zones: ["books"], name: "Bo" })).ctx;
  expect(await refused(state(viewer, groupId, { from: 0, state: "investigating" }))).toMatch(/^forbidden/);
  expect(await refused(state(elsewhere, groupId, { from: 0, state: "investigating" }))).toMatch(/^not_found/);
  expect(await refused(assign(omar, groupId, idOf(elsewhere)))).toBe("conflict: Bo may not work on groups of these zones.");
  const both = await parked("BothError", "Both");
  expect(await refused(state(priya, both.groupId, { from: 0, state: "investigating" }))).toMatch(/^forbidden/);
  await expect(pair.store.pool.query("update group_event set by_name = 'Nobody'")).rejects.toThrow(/append-only|permission/);
});

test("other tools are led to with what is known of the group and the message, each value encoded, and not with what is unknown", async () => {
  await pair.store.db.execute(
    sql`update configuration_applied set links = ${JSON.stringify({
      ticket: "https://tickets.example/{ticket}",
      trace: "https://traces.example/{trace_id}",
      logs: "https://logs.example/?q={key}",
      runbook: "https://wiki.example/{error}?c={consumer}",
      commit: "https://git.example/{from}...{to}",
    })}::jsonb`,
  );
  const { groupId } = await parked("Linked/Error");
  expect((await group(groupId)).links).toEqual({
    ticket: null,
    logs: null,
    runbook: "https://wiki.example/Linked%2FError?c=stock-service",
  });
  await setGroupTicket(at(omar), parseGroupTicket({ groupId, ticket: "OPS 7/#", key: key() }));
  const { links, sampleId } = await group(groupId);
  expect(links.ticket).toBe("https://tickets.example/OPS%207%2F%23");
  const message = await readMessage(at(omar), { id: Number(sampleId) });
  expect(message.links).toEqual({ trace: null, logs: `https://logs.example/?q=${message.message.businessKey}` });
  await live("1.9.9", minutes(9), "first");
  await live("2.0.0", minutes(8));
  expect((await group(groupId)).marks).toContainEqual(expect.objectContaining({ href: "https://git.example/1.9.9...2.0.0" }));
});

test("a group tells its keys, what waits behind them, on which versions it never happened, and whether its cause has stopped", async () => {
  const { groupId, sent } = await parked("ReachError");
  const later = { messageId: randomUUID(), key: sent.key, type: "Placed" };
  await pair.park(later, "LaterError: it broke");
  await pair.stock.rows("update messaging.dead_letter set version = 2 where message_id = $1", [later.messageId]);
  await pair.observe("stock");
  const reach = async (now = Date.now()) => {
    const { cause, ...rest } = (await readGroup(at(omar, now), { groupId })).reach;
    return { ...rest, cause: textOf(cause) };
  };
  expect(await reach()).toEqual({
    ...{ keys: "1 sale", behind: "1 parked, later of the same keys", neverOn: "no version is known" },
    cause: "At work: messages come in.",
  });
  await pair.store.db.execute(
    sql`insert into consumer_version (source_id, consumer, version, first_seen_at, last_seen_at) values ('stock', 'stock-service', '3.1.0', now(), now())`,
  );
  expect((await reach(Date.now() + minutes(2))).cause).toMatch(/^Not known: nothing came in for /);
  await live("3.1.0", 0);
  expect(await reach(Date.now() + minutes(2))).toMatchObject({
    neverOn: "3.1.0",
    cause: expect.stringMatching(
      /^Stopped, as far as can be told: nothing came in for .*, and 3.1.0, which is live, never failed so\.$/,
    ),
  });
  await pair.store.db.execute(sql`delete from deploy where version = '3.1.0'`);
});

test("waiting for 2.40.3: ready once it is live and nothing comes in, not before and not when it fails there too; ended by what was settled", async () => {
  const { groupId, letter } = await parked("FixedError");
  await state(omar, groupId, { from: 0, state: "waiting", waitsFor: "2.40.3" });
  await live("2.41.0", minutes(1));
  await follow(Date.now() + later);
  expect(await standing(groupId)).toBe("Waiting for 2.40.3: until that version is live and nothing comes in");
  await live("2.40.3", 0, "rollback");
  await follow();
  expect((await group(groupId)).group.triage.ready).toBe(false);
  await follow(Date.now() + later);
  expect(await standing(groupId)).toMatch(/^Ready to retry: 2.40.3 is live and nothing comes in, since /);
  expect(
    (await listGroups(omar, parseGroupFilter({ query: "triage:ready error:FixedError" }))).groups.map((one) => one.groupId),
  ).toEqual([String(groupId)]);
  const again = await parked("FixedError");
  await follow();
  expect(await standing(groupId)).toMatch(/^Waiting for 2.40.3/);
  await follow(Date.now() + later);
  expect(await standing(groupId)).toMatch(/^Ready/);
  await Promise.all([settled(letter), settled(again.letter)]);
  await follow(Date.now() + minutes(29));
  expect(await standing(groupId)).toMatch(/^Ready/);
  await Promise.all([follow(Date.now() + minutes(31)), follow(Date.now() + minutes(31))]);
  expect(await standing(groupId)).toMatch(/^Resolved: by Accord, /);
  expect((await history(groupId)).slice(0, 2)).toEqual([
    expect.stringMatching(/^Accord resolved the group: 2 processed on 2.40.3, .* after it began$/),
    "Accord found it ready to retry: 2.40.3 is live and nothing comes in",
  ]);
});

test("Trap 9, old notes belong to a group that is born again: it opens again, says who had resolved it and with what it ended, and its notes stand before that", async () => {
  const first = await parked("BackError");
  expect(await refused(state(omar, first.groupId, { from: 0, state: "resolved", reason: "the fix is out since noon" }))).toBe(
    "conflict: 1 message is still parked: retry or discard it first, or mute the group.",
  );
  await noteGroup(at(priya), parseGroupNote({ groupId: first.groupId, text: "it is the pool", key: key() }));
  await settled(first.letter);
  await state(omar, first.groupId, { from: 0, state: "resolved", reason: "the fix is out since noon" });
  await follow(Date.now() + hours(2));
  expect(await standing(first.groupId)).toMatch(/^Resolved: by Omar/);
  await parked("BackError");
  await follow();
  expect(await standing(first.groupId)).toMatch(/^New: came back .* UTC; Omar had resolved it$/);
  expect(await history(first.groupId)).toEqual([
    "Accord opened the group again: a new message came, Omar had resolved it",
    "Omar resolved the group: “the fix is out since noon”",
    "Priya wrote: “it is the pool”",
  ]);
  const [before] = (await group(first.groupId)).triage.seenBefore;
  expect(textOf(before!.text)).toMatch(/^Omar: “the fix is out since noon” 1 processed on 2.40.3, /);
  expect((await listGroups(omar, parseGroupFilter({ query: "triage:regressed" }))).groupsN).toBe(1);
});

test("a message that comes while somebody resolves the group: either it is refused, or the group opens again", async () => {
  for (let round = 0; round < 6; round++) {
    const one = await parked(`Meanwhile${round}Error`);
    await settled(one.letter);
    await pair.park({ messageId: randomUUID(), key: "S-m", type: "Placed" }, `Meanwhile${round}Error: it broke`);
    await Promise.all([
      refused(state(omar, one.groupId, { from: 0, state: "resolved", reason: "nothing is parked any more" })),
      pair.observe("stock"),
    ]);
    await follow();
    expect((await group(one.groupId)).group).toMatchObject({ openN: 1, triage: { state: "new" } });
  }
});

test("what is muted leaves the list and not the verdict, and speaks up by time and by growth", async () => {
  const { groupId } = await parked("LoudError");
  const until = Date.now() + minutes(30);
  await state(omar, groupId, { from: 0, state: "muted", until });
  const listed = async (query = "-triage:muted") =>
    (await listGroups(at(omar), parseGroupFilter({ query }))).groups.some((one) => one.groupId === String(groupId));
  expect([await listed(), await listed("triage:muted"), await listed("triage:muted assignee:me")]).toEqual([false, true, false]);
  await judgeZones(pair.store.db);
  expect(await pair.open()).toContainEqual(expect.stringMatching(/^sales parked /));
  await follow(until - 1);
  expect(await listed()).toBe(false);
  await follow(until);
  expect(await listed()).toBe(true);
  await state(omar, groupId, { from: 2, state: "muted", above: 3 });
  await parked("LoudError");
  await follow();
  expect(await listed()).toBe(false);
  for (let i = 0; i < 6; i++) await pair.park({ messageId: randomUUID(), key: "S-l", type: "Placed" }, "LoudError: it broke");
  await pair.observe("stock");
  await follow();
  expect((await history(groupId))[0]).toMatch(/^Accord ended the mute: \d+ messages a minute$/);
  expect(await listed()).toBe(true);
  expect(await refused(state(omar, groupId, { from: 4, state: "muted", until: Date.now() - 1 }))).toBe(
    "invalid: until: lies in the past.",
  );
});
