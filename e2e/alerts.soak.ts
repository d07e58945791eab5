import type { BrowserContext } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startFault, stopFault } from "../demo/faults";
import type { FaultName } from "../demo/kit/faults";
import type { AlertRow } from "../lib/alerts/views";
import { until } from "../lib/db/testing";
import { minutes, seconds } from "../lib/time";
import { openBrowser } from "./browser";
import { type Product, startProduct } from "./setup";
import { answerOf, post, rowIn, signedIn } from "./story";
import { openTelling } from "./telling";

// What contracts of the demo say beside their own, with bounds that a fault passes within a minute and that the estate at work does not reach:
// with twenty actions a second some twenty events are always on their way.
const more: Record<string, string[]> = {
  "order-commitment": [
    "parked > 0",
    "new_groups > 0",
    "regressions > 0",
    "group_growth > 0",
    "unpublished > 60",
    "undelivered > 60",
    "publish_lag > 10s",
    "processing_lag > 20s",
    "oldest_unresolved > 25s for 10s",
    "unresolved > 150",
    "sagas_overdue > 0",
    "compensations_late > 0",
    "at_risk > 0",
  ],
  "customer-profile": [
    "silence > 20s",
    "divergences > 0",
    "match_rate < 100%",
    "cases > 0",
    "cases_overdue > 0",
    "coverage_age > 2m",
    "converged < 95%",
    "budget_left < 50%",
  ],
  "financial-posting": ["held > 3"],
};

let telling: Awaited<ReturnType<typeof openTelling>>;
let product: Product;
let context: BrowserContext;
let browser: Awaited<ReturnType<typeof openBrowser>>;
beforeAll(async () => {
  telling = await openTelling(more, ["customer-profile"]);
  [browser, product] = await Promise.all([openBrowser(), startProduct({ rate: 20, env: telling.env })]);
  context = await signedIn(browser, product);
  // What was not seen yet when the product started, and what was not compared yet, is no story of its own.
  const sources = () => answerOf<{ sources: { state: string }[] }>(context, "/api/v1/sources");
  await until(async () => (await sources()).sources.every(({ state }) => state === "live"), { withinMs: minutes(2) });
  const compared = () => answerOf<{ rules: { ranAt: number | null }[] }>(context, "/api/v1/divergences/rules");
  await until(async () => (await compared()).rules.every(({ ranAt }) => ranAt !== null), { withinMs: minutes(2) });
  await until(async () => (await alerts("open")).every(({ raisedAt }) => raisedAt === null), {
    withinMs: minutes(5),
    everyMs: 500,
  });
}, minutes(15));
afterAll(async () => {
  await browser?.close();
  await product?.stop();
  telling?.close();
});

const alerts = async (state: "open" | "past"): Promise<AlertRow[]> =>
  (await answerOf<{ alerts: AlertRow[] }>(context, `/api/v1/alerts?state=${state}`)).alerts;

const openOf = async (zone: string, when: string): Promise<AlertRow | undefined> =>
  (await alerts("open")).find((one) => one.zone.zoneId === zone && one.condition === when && one.inhibitedBy === null);

type Story = {
  fault: FaultName;
  zone: string;
  when: string[];
  /** How long the fault stands before its conditions can hold; they are raised within four minutes where nothing is said. */
  standsMs?: number;
  before?: () => Promise<unknown>;
  mend?: () => Promise<unknown>;
};

/** Parked messages are sent again once the fault is over, group by group, as somebody would. */
async function retryEverything(): Promise<void> {
  const { groups } = await answerOf<{ groups: { groupId: string }[] }>(context, "/api/v1/dead-letters/groups");
  if (groups.length === 0) return;
  const selection = { groups: groups.map(({ groupId }) => groupId) };
  await post(context, product, "/api/v1/dead-letters/retry", { selection, reason: "the fault is over" });
}

/** Somebody says of what was sent again that it is over: that it comes back is news. */
async function resolveGroups(): Promise<void> {
  const causes = (await alerts("past")).flatMap(({ condition, cause }) =>
    condition === "new_groups > 0" && cause ? [cause.id] : [],
  );
  for (const groupId of new Set(causes)) {
    const at = `/api/v1/dead-letters/groups/${groupId}`;
    const { group } = await answerOf<{ group: { triage: { stateN: number } } }>(context, at);
    const said = { from: group.triage.stateN, state: "resolved", reason: "the deploy was rolled back" };
    expect((await post(context, product, `${at}/state`, said)).ok()).toBe(true);
  }
}

/** Three orders in ten are refused and cannot be undone: from then on there is always one that is about to be. */
async function refuseUntilFailed(): Promise<void> {
  await startFault("failing-compensation", product.adminUrl);
  const failed = "select count(*)::int as n from messaging.saga where state = 'failed'";
  await until(async () => (await rowIn<{ n: number }>(product, "orders", failed)).n >= 5, { withinMs: minutes(1), everyMs: 50 });
}

/** The relay is stopped, anew until something that was being undone waits for it: on a machine with time to spare it may meet none. */
async function stopWhileUndoing(): Promise<void> {
  await refuseUntilFailed();
  const waiting = `select count(*)::int as n from messaging.saga_step
    where kind = 'compensation' and state = 'running' and started_at < clock_timestamp() - interval '5 seconds'`;
  const waits = async () => (await rowIn<{ n: number }>(product, "orders", waiting)).n > 0;
  await until(
    async () => {
      await startFault("stopped-relay", product.adminUrl);
      const caught = await until(waits, { withinMs: seconds(8), everyMs: 200 }).catch(() => false);
      if (!caught) await stopFault("stopped-relay", product.adminUrl);
      return caught;
    },
    { withinMs: minutes(5), everyMs: seconds(1) },
  );
}

const stories: Story[] = [
  { fault: "source-away", zone: "customer-profile", when: ["sources_silent > 0 for 30s", "silence > 20s"] },
  { fault: "stopped-relay", zone: "order-commitment", when: ["unpublished > 60", "unresolved > 150", "publish_lag > 10s"] },
  {
    fault: "stopped-consumer",
    zone: "order-commitment",
    when: ["undelivered > 60", "oldest_unresolved > 25s for 10s", "processing_lag > 20s"],
  },
  {
    fault: "poison",
    zone: "order-commitment",
    when: ["parked > 0", "new_groups > 0", "group_growth > 0", "at_risk > 0"],
    mend: retryEverything,
  },
  // After the one before: what it left is resolved, and comes back.
  { fault: "poison", zone: "order-commitment", when: ["regressions > 0"], before: resolveGroups, mend: retryEverything },
  { fault: "reordered-events", zone: "financial-posting", when: ["held > 3"] },
  { fault: "failing-compensation", zone: "order-commitment", when: ["breached > 0", "compensations_failed > 0"] },
  { fault: "silent-drift", zone: "customer-profile", when: ["divergences > 0", "match_rate < 100%"] },
  {
    fault: "stopped-consumer",
    zone: "customer-profile",
    when: ["breached > 0", "converged < 95%", "budget_left < 50%", "budget_burn > 14.4x over 1h"],
  },
  // Compared each minute, the copy is older than two after that.
  { fault: "revoked-read", zone: "customer-profile", when: ["coverage_age > 2m"] },
  // What differs counts from the last run that saw it agree: a divergence a minute after that, a case after another, overdue after a third.
  { fault: "silent-drift", zone: "customer-profile", when: ["cases > 0", "cases_overdue > 0"], standsMs: minutes(6) },
  // What is being undone while nothing is sent any more is late after five minutes, by its service's own row.
  {
    fault: "stopped-relay",
    zone: "order-commitment",
    when: ["compensations_late > 0"],
    standsMs: minutes(5),
    before: stopWhileUndoing,
    mend: () => stopFault("failing-compensation", product.adminUrl),
  },
  // What cannot be undone stays, and seven minutes after it began it is past its deadline.
  { fault: "failing-compensation", zone: "order-commitment", when: ["sagas_overdue > 0"], standsMs: minutes(7) },
];

const forMsOf = (condition: string): number => seconds(Number(/ for (\d+)s/.exec(condition)?.[1] ?? 0));

/** Raised within 30 s of its `for`, told under a signature that was verified, taken, and that told too. */
async function raisedAndTaken({ fault, zone, standsMs = 0 }: Story, condition: string, from: number): Promise<AlertRow> {
  const one = await until(
    async () => {
      const found = await openOf(zone, condition);
      return found !== undefined && found.raisedAt !== null && found;
    },
    { withinMs: standsMs + minutes(4), everyMs: 500 },
  );
  // A reading is called by the tick that it is of, which began up to ten seconds before.
  expect(one.since, `${condition} held before the fault`).toBeGreaterThanOrEqual(from - seconds(10));
  expect(one.raisedAt! - one.since, condition).toBeLessThanOrEqual(forMsOf(condition) + seconds(30));
  await until(async () => telling.toldOf("raised", one.alertId), { withinMs: seconds(30) });
  const toldAfter = Date.now() - from;
  expect((await post(context, product, `/api/v1/alerts/${one.alertId}/acknowledge`)).ok()).toBe(true);
  await until(async () => telling.toldOf("acknowledged", one.alertId), { withinMs: seconds(30) });
  const times = [one.since - from, one.raisedAt! - from, toldAfter, Date.now() - from].map((ms) => (ms / 1_000).toFixed(1));
  console.info(
    `${fault}: ${condition} held ${times[0]} s after the fault, raised ${times[1]}, told ${times[2]}, taken and told ${times[3]}`,
  );
  return one;
}

test.each(stories)("$fault raises $when: told, taken, told again, mended, cleared, and told so", async (story) => {
  const { fault, zone, when, before, mend } = story;
  // What another story left is no part of this one.
  await until(async () => (await Promise.all(when.map((one) => openOf(zone, one)))).every((one) => one === undefined), {
    withinMs: minutes(10),
    everyMs: seconds(2),
  });
  await before?.();
  const from = Date.now();
  await startFault(fault, product.adminUrl);
  const found = await Promise.all(when.map((condition) => raisedAndTaken(story, condition, from))).finally(() =>
    stopFault(fault, product.adminUrl),
  );
  const mendedAt = Date.now();
  let tried = 0;
  for (const one of found) {
    const past = await until(
      async () => {
        if (mend && Date.now() - tried > seconds(5)) {
          await mend();
          tried = Date.now();
        }
        return (await alerts("past")).find(({ alertId }) => alertId === one.alertId);
      },
      { withinMs: minutes(10), everyMs: seconds(1) },
    );
    await until(async () => telling.toldOf("cleared", one.alertId), { withinMs: seconds(30) });
    const after = (past.clearedAt! - mendedAt) / 1_000;
    console.info(`${fault}: ${one.condition} cleared ${after.toFixed(1)} s after the fault was stopped, and told`);
  }
  expect(telling.refused).toEqual([]);
});
