import type { BrowserContext } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startFault, stopFault } from "../demo/faults";
import type { FaultName } from "../demo/kit/faults";
import type { AlertRow } from "../lib/alerts/views";
import { until } from "../lib/db/testing";
import { minutes, seconds } from "../lib/time";
import { openBrowser } from "./browser";
import { type Product, startProduct } from "./setup";
import { answerOf, post, signedIn } from "./story";
import { openTelling } from "./telling";

// What contracts of the demo say, with bounds that are met within a minute.
const more: Record<string, string[]> = {
  "order-commitment": [
    "parked > 0",
    "new_groups > 0",
    "group_growth > 0",
    "unpublished > 3",
    "undelivered > 3",
    "publish_lag > 10s",
    "processing_lag > 20s",
    "oldest_unresolved > 25s for 10s",
    "unresolved > 150",
    "compensations_failed > 0 for 10s",
    "cases > 0",
  ],
  "customer-profile": ["silence > 20s", "divergences > 0", "match_rate < 100%"],
  "financial-posting": ["held > 3"],
};

let telling: Awaited<ReturnType<typeof openTelling>>;
let product: Product;
let context: BrowserContext;
let browser: Awaited<ReturnType<typeof openBrowser>>;
beforeAll(async () => {
  telling = await openTelling(more);
  [browser, product] = await Promise.all([openBrowser(), startProduct({ rate: 20, env: telling.env })]);
  context = await signedIn(browser, product);
  // What was not seen yet when the product started is no story of its own.
  await until(
    async () =>
      (await answerOf<{ sources: { state: string }[] }>(context, "/api/v1/sources")).sources.every(
        ({ state }) => state === "live",
      ),
    {
      withinMs: minutes(2),
    },
  );
  await until(async () => (await alerts("open")).every(({ raisedAt }) => raisedAt === null), {
    withinMs: minutes(5),
    everyMs: 500,
  });
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
  telling?.close();
});

const alerts = async (state: "open" | "past"): Promise<AlertRow[]> =>
  (await answerOf<{ alerts: AlertRow[] }>(context, `/api/v1/alerts?state=${state}`)).alerts;

const wasTold = (step: string, { alertId }: AlertRow): boolean => telling.toldOf(step, alertId) !== undefined;

const raised = (zone: string, when: string) =>
  until(
    async () =>
      (await alerts("open")).find(
        (one) => one.zone.zoneId === zone && one.condition === when && one.raisedAt !== null && one.inhibitedBy === null,
      ),
    { withinMs: minutes(4), everyMs: 500 },
  );

type Story = { fault: FaultName; zone: string; when: string[]; forMs?: number; mend?: () => Promise<unknown> };

/** Parked messages are sent again once the fault is over, group by group, as somebody would. */
async function retryEverything(): Promise<void> {
  const { groups } = await answerOf<{ groups: { groupId: string }[] }>(context, "/api/v1/dead-letters/groups");
  if (groups.length === 0) return;
  const selection = { groups: groups.map(({ groupId }) => groupId) };
  await post(context, product, "/api/v1/dead-letters/retry", { selection, reason: "the fault is over" });
}

const stories: Story[] = [
  { fault: "source-away", zone: "customer-profile", when: ["sources_silent > 0 for 30s", "silence > 20s"] },
  { fault: "stopped-relay", zone: "order-commitment", when: ["unpublished > 3", "publish_lag > 10s"] },
  { fault: "stopped-consumer", zone: "order-commitment", when: ["undelivered > 3", "oldest_unresolved > 25s for 10s"] },
  {
    fault: "poison",
    zone: "order-commitment",
    when: ["parked > 0", "new_groups > 0", "group_growth > 0"],
    mend: retryEverything,
  },
  { fault: "reordered-events", zone: "financial-posting", when: ["held > 3"] },
  { fault: "failing-compensation", zone: "order-commitment", when: ["breached > 0", "compensations_failed > 0"] },
  { fault: "silent-drift", zone: "customer-profile", when: ["divergences > 0"] },
];

test.each(stories)(
  "$fault raises $when: told, taken, told again, mended, cleared, and told so",
  async ({ fault, zone, when, mend }) => {
    const from = Date.now();
    await startFault(fault, product.adminUrl);
    const found: AlertRow[] = [];
    for (const condition of when) {
      const one = await raised(zone, condition);
      await until(async () => wasTold("raised", one), { withinMs: seconds(30) });
      const forMs = / for (\d+)s/.exec(condition) ? Number(/ for (\d+)s/.exec(condition)![1]) * 1_000 : 0;
      expect(one.raisedAt! - one.since, condition).toBeLessThanOrEqual(forMs + seconds(30));
      console.info(
        `${fault}: ${condition} held after ${one.since - from} ms and was raised ${one.raisedAt! - one.since} ms later`,
      );
      expect((await post(context, product, `/api/v1/alerts/${one.alertId}/acknowledge`)).ok()).toBe(true);
      await until(async () => wasTold("acknowledged", one), { withinMs: seconds(30) });
      found.push(one);
    }
    await stopFault(fault, product.adminUrl);
    for (const one of found) {
      await until(
        async () => {
          await mend?.();
          return (await alerts("past")).find(({ alertId }) => alertId === one.alertId);
        },
        { withinMs: minutes(8), everyMs: seconds(5) },
      );
      await until(async () => wasTold("cleared", one), { withinMs: seconds(30) });
    }
    expect(telling.refused).toEqual([]);
  },
);
