import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { linkKeyOf, signLink } from "../channels/link.rules";
import type { ChannelConfig } from "../channels/rules";
import type { Person } from "../context";
import { rows } from "../db/rows";
import { type TestStore, testStore } from "../db/testing";
import { makeOperator } from "../operators/testing";
import { Refusal } from "../refusal";
import { acknowledgeByLink, readAlertLink } from "./links";
import { ACKNOWLEDGE_MS } from "./links.rules";
import type { Opening } from "./opened";
import { readPaged } from "./paged";
import { routeSteps } from "./route";
import { outbox, putTelling, raiseAlerts, stepAlerts } from "./testing";

let store: TestStore;
const key = linkKeyOf("a secret of the tests");
const people: Record<"jo" | "vi" | "away", Person> = {} as never;
beforeAll(async () => {
  store = await testStore(6);
  const person = async (name: string, role: "operator" | "viewer", zones: string[] | null) =>
    (await makeOperator(store.db, Date.now(), { name, role, zones })).ctx.actor as Person;
  people.jo = await person("Jo", "operator", null);
  people.vi = await person("Vi", "viewer", null);
  people.away = await person("Al", "operator", ["books"]);
});
afterAll(() => store.close());
beforeEach(async () => {
  for (const table of ["notification", "notification_due", "alert_event", "alert", "channel"])
    await store.db.execute(sql.raw(`delete from ${table}`));
});

const channel = (name: string, acknowledge: ChannelConfig["acknowledge"]): ChannelConfig => ({
  ...{ name, kind: "slack", url: "https://hooks.slack.example/x", heartbeat: false, perMinute: 30, timeoutMs: 1_000, allow: [] },
  acknowledge,
});
const opening = (person: Person | null = null): Opening => ({ db: store.db, now: Date.now(), person, key, from: "10.0.0.9" });

/** An alert that was told to channels, with the link that each of them was told. */
async function told(ways: Record<string, ChannelConfig["acknowledge"]>): Promise<{ alertId: number; links: string[] }> {
  const now = Date.now();
  await putTelling(
    store.db,
    Object.entries(ways).map(([name, way]) => channel(name, way)),
  );
  const [alert] = await raiseAlerts(store.db, 1, now);
  await routeSteps(store.db, "https://accord.example", now);
  const sent = (await outbox(store.db)).filter(({ subject }) => subject === `alert ${alert!.alertId}`);
  return {
    alertId: alert!.alertId,
    links: sent.map(({ id }) => signLink(key, "acknowledge", { about: id, until: now + ACKNOWLEDGE_MS })),
  };
}

let pressed = 0;
const press = (link: string, person: Person | null = null, name = `press-${++pressed}`) =>
  acknowledgeByLink(opening(person), { link, key: name });
const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "no refusal",
    (error) => (error instanceof Refusal ? `${error.kind}: ${error.message}` : `a fault: ${error}`),
  );
const taken = () =>
  rows<{ state: string; by: string | null; byId: string | null }>(
    store.db,
    sql`select state, acknowledged_by_name as by, acknowledged_by::text as "byId" from alert order by alert_id`,
  );
const audit = (alertId: number) =>
  rows<{ actor_kind: string; actor_name: string; result: string; why: string | null }>(
    store.db,
    sql`select actor_kind, actor_name, result, detail->>'why' as why from audit_entry where target_kind = 'alert' and target_id = ${String(alertId)} order by id`,
  );

test("a link shows its alert to whoever holds it, and changes nothing; then it takes it, once, as the link and never as a person", async () => {
  const { alertId, links } = await told({ chat: "by_link" });
  expect(await readAlertLink(opening(), { link: links[0]! })).toMatchObject({
    ...{
      alertId: String(alertId),
      zone: "sales",
      words: "Parked messages: more than 0",
      channel: "chat",
      signIn: false,
      as: null,
      why: null,
    },
  });
  expect(await taken()).toEqual([{ state: "raised", by: null, byId: null }]);
  // Whoever is signed in beside it: the link asks nobody.
  expect(await press(links[0]!, people.jo)).toEqual({ alertId: String(alertId), state: "acknowledged", by: "Link told to chat" });
  expect(await taken()).toEqual([{ state: "acknowledged", by: "Link told to chat", byId: null }]);
  expect(await refusal(press(links[0]!))).toMatch(
    /^conflict: This link was used\. Link told to chat acknowledged it 0\.\d s ago\.$/,
  );
  expect(await audit(alertId)).toEqual([
    { actor_kind: "link", actor_name: "Link told to chat", result: "done", why: null },
    {
      actor_kind: "link",
      actor_name: "Link told to chat",
      result: "denied",
      why: expect.stringContaining("This link was used."),
    },
  ]);
});

test("where the channel asks who it is, nobody takes it who is not signed in, may not, or does not see the zone; who may takes it as themselves", async () => {
  const { alertId, links } = await told({ chat: "sign_in" });
  const link = links[0]!;
  expect(await readAlertLink(opening(), { link })).toMatchObject({ signIn: true, as: null, why: null });
  expect(await readAlertLink(opening(people.vi), { link })).toMatchObject({
    signIn: false,
    why: expect.stringMatching(/^You are a viewer/),
  });
  expect(await refusal(press(link))).toMatch(/^unauthenticated: /);
  expect(await refusal(press(link, people.vi))).toMatch(/^forbidden: You are a viewer/);
  expect(await refusal(press(link, people.away))).toMatch(
    /^forbidden: You may not acknowledge an alert in zones that are not yours/,
  );
  expect(await taken()).toEqual([{ state: "raised", by: null, byId: null }]);
  expect(await press(link, people.jo)).toMatchObject({ by: "Jo" });
  expect(await taken()).toEqual([{ state: "acknowledged", by: "Jo", byId: people.jo.operatorId }]);
  expect((await audit(alertId)).map(({ actor_kind, actor_name, result }) => `${actor_kind} ${actor_name} ${result}`)).toEqual([
    "link Link told to chat denied",
    ...["operator Vi denied", "operator Al denied", "operator Jo done"],
  ]);
});

test("pressed twice at once on two connections, or through two channels, one takes it and every other is told who; the same press again is the same answer", async () => {
  const { links } = await told({ chat: "by_link", pager: "by_link" });
  const presses = [links[0]!, links[0]!, links[0]!, links[1]!, links[1]!].map((link) => refusal(press(link)));
  const ends = await Promise.all(presses);
  expect(ends.filter((end) => end === "no refusal")).toHaveLength(1);
  for (const end of ends.filter((one) => one !== "no refusal"))
    expect(end).toMatch(/^conflict: .*Link told to (chat|pager) acknowledged it/);
  expect(await rows(store.db, sql`select 1 from alert_event where kind = 'acknowledged'`)).toHaveLength(1);
  const again = await told({ chat: "by_link" });
  const twice = await Promise.all([press(again.links[0]!, null, "one"), press(again.links[0]!, null, "one")]);
  expect(twice[0]).toEqual(twice[1]);
  expect((await audit(again.alertId)).map(({ result }) => result)).toEqual(["done"]);
});

test("one that is over by the store's clock takes nothing, whatever this machine's clock says", async () => {
  const { alertId, links } = await told({ chat: "by_link" });
  const { id } = (await outbox(store.db))[0]!;
  const over = signLink(key, "acknowledge", { about: id, until: Date.now() - 60_000 });
  const late = { ...opening(), now: Date.now() - 3_600_000 };
  expect(await refusal(acknowledgeByLink(late, { link: over, key: "late" }))).toMatch(/^conflict: This link ended 1m 00s ago/);
  expect(await readAlertLink(late, { link: over })).toMatchObject({ why: expect.stringContaining("This link ended") });
  const fast = { ...opening(), now: Date.now() + 3 * ACKNOWLEDGE_MS };
  expect(await acknowledgeByLink(fast, { link: links[0]!, key: "fast" })).toMatchObject({ state: "acknowledged" });
  expect(await audit(alertId)).toHaveLength(2);
});

test("altered, of another key, of a message that is gone, of an alert that is over, or of a channel that wants it no more: a sentence, written down without the link", async () => {
  const { alertId, links } = await told({ chat: "by_link" });
  const link = links[0]!;
  expect(await refusal(press(`${link}x`))).toMatch(/^invalid: This link is not one of this Accord’s/);
  expect(await refusal(readAlertLink(opening(), { link: `${link}x` }))).toMatch(/^invalid: /);
  const none = signLink(key, "acknowledge", { about: "6f1c7c1e-0000-4000-8000-000000000001", until: Date.now() + 1_000 });
  expect(await refusal(press(none))).toMatch(/^not_found: The message that this link came with is not kept any more\.$/);
  await putTelling(store.db, [channel("chat", "off")]);
  expect(await refusal(press(link))).toMatch(/^conflict: This channel’s links do not acknowledge any more/);
  await stepAlerts(store.db, [alertId], "cleared", Date.now());
  await putTelling(store.db, [channel("chat", "by_link")]);
  expect(await refusal(press(link))).toBe("conflict: It is cleared.");
  const written = await rows<{ entry: string }>(store.db, sql`select e::text as entry from audit_entry e`);
  expect(written.filter(({ entry }) => entry.includes("stranger"))).not.toEqual([]);
  expect(written.filter(({ entry }) => entry.includes("accord_link_"))).toEqual([]);
});

test("a page that got through is shown to whoever may take it, as their own where it went to them; nothing is, once it is taken or silenced", async () => {
  const { alertId, links } = await told({ chat: "by_link", pager: "by_link" });
  const paged = (who: Person) => readPaged({ db: store.db, actor: who, now: Date.now() });
  expect(await paged(people.jo)).toMatchObject({ paged: null, moreN: 0 });
  await store.db.execute(sql`update notification set state = 'sent', sent_at = clock_timestamp() where channel = 'chat'`);
  await store.db.execute(sql`update alert set escalate_at = clock_timestamp() + interval '5 minutes'`);
  expect(await paged(people.jo)).toMatchObject({
    paged: { alert: { alertId: String(alertId) }, me: false, through: ["chat"], next: { to: ["chat", "pager"] } },
    moreN: 0,
  });
  expect((await paged(people.vi)).paged).toBeNull();
  expect((await paged(people.away)).paged).toBeNull();
  await store.db.execute(
    sql`update channel set settings = settings || ${JSON.stringify({ kind: "email", target: `ops@shop.example, ${people.jo.email}` })}::jsonb where name = 'chat'`,
  );
  expect((await paged(people.jo)).paged).toMatchObject({ me: true });
  const silence = sql`insert into silence (kind, starts_at, ends_at, reason, by_name, created_at) values ('silence', now(), now() + interval '1 minute', 'it moves', 'Jo', now())`;
  await store.db.execute(silence);
  expect((await paged(people.jo)).paged).toBeNull();
  await store.db.execute(sql`delete from silence`);
  await press(links[0]!);
  expect((await paged(people.jo)).paged).toBeNull();
});
