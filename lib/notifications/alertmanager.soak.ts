import { afterAll, beforeAll, expect, test } from "vitest";
import { linkKeyOf } from "../channels/link.rules";
import { messageKinds } from "../channels/message.rules";
import type { ChannelConfig } from "../channels/rules";
import { beat, send } from "../channels/send";
import { type TestStore, testStore, until } from "../db/testing";
import { alertmanagerProgram, startAlertmanager } from "./alertmanager.testing";
import { deliver } from "./deliver";
import { routeSteps } from "./route";
import { outbox, putTelling, raiseAlerts, stepAlerts } from "./testing";
import type { Sender } from "./trouble";

const program = alertmanagerProgram();
const WHY = "Alertmanager is not here: name its program by ALERTMANAGER, or put it on the PATH.";

let store: TestStore;
let alertmanager: Awaited<ReturnType<typeof startAlertmanager>>;
beforeAll(async () => {
  if (program === null) return console.warn(`Nothing is shown of Alertmanager itself. ${WHY}`);
  [store, alertmanager] = await Promise.all([testStore(4), startAlertmanager(program)]);
});
afterAll(async () => {
  await alertmanager?.stop();
  await store?.close();
});

const channel = (): ChannelConfig => ({
  ...{ name: "am", kind: "alertmanager", url: alertmanager.url, headers: {}, allow: ["127.0.0.0/8"], heartbeat: false },
  ...{ acknowledge: "sign_in", perMinute: 100, timeoutMs: 5_000 },
});
const sender = (): Sender => ({
  ...{ db: store.db, environment: "test", baseUrl: "https://accord.example" },
  linkKey: linkKeyOf("a secret of the tests"),
});

/** Tells what is due, and says how Alertmanager answered. */
async function tell(): Promise<string[]> {
  await routeSteps(store.db, sender().baseUrl, Date.now());
  await deliver(sender(), channel());
  return (await outbox(store.db)).map(({ kind, state, words }) => `${kind} ${state}: ${words}`);
}

test("Alertmanager holds an alert from its raising to its end, as one, however often it is told, and passes its end on", async (context) => {
  if (program === null) return context.skip(WHY);
  await putTelling(store.db, [channel()]);
  const raisedAt = Date.now() - 60_000;
  const { alertId } = (await raiseAlerts(store.db, 1, raisedAt))[0]!;
  expect(await tell()).toEqual(["raised sent: answered 200"]);
  const [raised] = await alertmanager.held();
  expect(raised).toMatchObject({
    labels: { alertname: "Accord", zone: "sales", condition: "parked > 0", severity: "page" },
    startsAt: new Date(raisedAt).toISOString(),
    generatorURL: `https://accord.example/alerts/${alertId}`,
  });
  expect(raised!.annotations.description).toBe("Raised: it is wrong.");
  for (const kind of ["escalated", "acknowledged"] as const) {
    await stepAlerts(store.db, [alertId], kind, Date.now());
    await tell();
  }
  const repeated = await alertmanager.held();
  expect(repeated.map(({ labels, startsAt }) => ({ labels, startsAt }))).toEqual([
    { labels: raised!.labels, startsAt: raised!.startsAt },
  ]);
  expect(Date.parse(repeated[0]!.updatedAt)).toBeGreaterThan(Date.parse(raised!.updatedAt));
  await until(async () => alertmanager.passed.some(({ status }) => status === "firing"));
  await stepAlerts(store.db, [alertId], "cleared", Date.now());
  expect((await tell()).filter((one) => one.endsWith("sent: answered 200"))).toHaveLength(4);
  await until(async () => (await alertmanager.held()).length === 0);
  await until(async () => alertmanager.passed.some(({ status }) => status === "resolved"));
  expect(alertmanager.passed.map(({ labels }) => labels)).toEqual(alertmanager.passed.map(() => raised!.labels));
});

test("Alertmanager takes a message of every kind, and the dead man's switch", async (context) => {
  if (program === null) return context.skip(WHY);
  const at = Date.now();
  for (const kind of messageKinds) {
    const message = {
      ...{ kind, subject: `${kind} 1`, environment: "test", title: "Sales: ü < & >", sentence: "It is so.", at, runbook: null },
      ...{ link: "https://accord.example/alerts", urgent: false, over: false, alert: null },
    };
    expect(await send(channel(), "6f1c7c1e-0000-4000-8000-000000000001", message, at), kind).toMatchObject({
      words: "answered 200",
    });
  }
  expect(await beat(channel(), "6f1c7c1e-0000-4000-8000-000000000002", "test", at)).toMatchObject({ words: "answered 200" });
  const names = (await alertmanager.held()).map(({ labels }) => labels.alertname);
  expect(names.sort()).toEqual([...messageKinds.map((kind) => `Accord ${kind}`), "AccordWatchdog"].sort());
});
