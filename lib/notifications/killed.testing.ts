import { createHash } from "node:crypto";
import { expect } from "vitest";
import { type Conduct, openReceiver, webhookSecret } from "../channels/receivers.testing";
import type { ChannelConfig } from "../channels/rules";
import type { Db } from "../db/pool";
import { testStore } from "../db/testing";
import { outbox, putTelling, raiseAlerts, stepAlerts } from "./testing";

/** A store whose user dies at the n-th gap between two of its steps: before a statement, before a commit, or after one. */
export function mortal(db: Db, gap: number, die: () => never): Db {
  let passed = 0;
  const step = (): void => {
    passed += 1;
    if (passed >= gap) die();
  };
  const over = (inner: Db): Db => ({
    execute: (query) => {
      step();
      return inner.execute(query);
    },
    transaction: async (work) => {
      const value = await inner.transaction(async (tx) => {
        const done = await work(over(tx));
        step();
        return done;
      });
      step();
      return value;
    },
  });
  return over(db);
}

const ills: Conduct[] = ["500", "hangs", "redirects", "resets", "late"];
const chance = (text: string): number => createHash("sha256").update(text).digest().readUInt32BE(0) / 2 ** 32;

type Step = { alertId: number; n: number; id: string };

/**
 * So many alerts, each raised, told further, taken and cleared, told by workers that die between any two of their steps, two at a time, to a
 * receiver that fails in each way it can. `life` is one worker's: it works until it dies or nothing is left. Counted at the receiver.
 */
export async function killedStory(
  { alertsN, deathsN }: { alertsN: number; deathsN: number },
  life: (store: { db: Db; url: string }, channel: ChannelConfig, gap: number) => Promise<void>,
  expire: (db: Db) => Promise<unknown>,
): Promise<void> {
  const store = await testStore(14);
  const attempts = new Map<string, number>();
  const receiver = await openReceiver(({ id }) => {
    const n = (attempts.get(id!) ?? 0) + 1;
    attempts.set(id!, n);
    // A third of the messages fails at first, once or twice, each time in another way.
    return n <= 2 && chance(`${id} ${n}`) < 0.33 ? ills[Math.floor(chance(`${n} ${id}`) * ills.length)]! : "takes";
  });
  const channel: ChannelConfig = {
    ...{
      name: "hook",
      kind: "webhook",
      heartbeat: false,
      acknowledge: "sign_in",
      perMinute: 1_000_000,
      timeoutMs: 250,
      allow: ["127.0.0.0/8"],
      headers: {},
    },
    ...{ url: `${receiver.url}/webhook`, secret: webhookSecret },
  };
  try {
    await putTelling(store.db, [channel]);
    const at = Date.now();
    const alertIds = (await raiseAlerts(store.db, alertsN, at)).map(({ alertId }) => alertId);
    const later = (["escalated", "acknowledged", "cleared"] as const).map(
      (kind) => () => stepAlerts(store.db, alertIds, kind, at),
    );
    let deaths = 0;
    for (let seed = 0; ; seed++) {
      if (seed > 0 && seed % Math.ceil(deathsN / 10) === 0) await later.shift()?.();
      const gapOf = (worker: number) =>
        deaths < deathsN ? 1 + Math.floor(chance(`gap ${seed} ${worker}`) * 60) : Number.POSITIVE_INFINITY;
      const lives = await Promise.allSettled([0, 1].map((worker) => life(store, channel, gapOf(worker))));
      deaths += lives.filter(({ status }) => status === "rejected").length;
      await expire(store.db);
      const left = (await outbox(store.db)).filter(({ state }) => state === "waiting").length;
      if (deaths >= deathsN && later.length === 0 && left === 0) break;
    }
    const steps = receiver.received.map(({ id, body }): Step => {
      const { subject } = body.data as { subject: string };
      const n = ["raised", "escalated", "acknowledged", "cleared"].indexOf(String(body.type).replace("accord.alert.", "")) + 1;
      return { alertId: Number(subject.replace("alert ", "")), n, id: id! };
    });
    await whole(store.db, alertIds, steps, receiver.received.filter(({ taken }) => taken).length);
    expect(receiver.refused).toEqual([]);
    const repeated = steps.length - new Set(steps.map(({ id }) => id)).size;
    console.log(
      `${alertsN} alerts of 4 steps, ${deaths} deaths: ${steps.length} requests, of which ${repeated} repeats with an id that was seen.`,
    );
  } finally {
    receiver.close();
    await store.close();
  }
}

/** Every step arrived, under one id each, and none after a later one of its alert for the first time. */
async function whole(db: Db, alertIds: readonly number[], steps: readonly Step[], takenN: number): Promise<void> {
  const seen = new Map<number, number>();
  const ids = new Map<string, Set<string>>();
  const late: Step[] = [];
  for (const step of steps) {
    const most = seen.get(step.alertId) ?? 0;
    // A repeat is known by its id; a step that never came before must be the next one.
    const key = `${step.alertId} ${step.n}`;
    if (!ids.has(key) && step.n !== most + 1) late.push(step);
    seen.set(step.alertId, Math.max(most, step.n));
    ids.set(key, (ids.get(key) ?? new Set()).add(step.id));
  }
  expect(late).toEqual([]);
  expect([...ids.values()].filter((of) => of.size !== 1)).toEqual([]);
  expect(ids.size).toBe(alertIds.length * 4);
  expect(takenN).toBeGreaterThanOrEqual(alertIds.length * 4);
  expect((await outbox(db)).filter(({ state }) => state !== "sent")).toEqual([]);
}
