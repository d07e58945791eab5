import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { openBrowser } from "../../e2e/browser";
import { park } from "../../e2e/parked";
import { type Product, startProduct } from "../../e2e/setup";
import { signedIn } from "../../e2e/story";
import { buildIfStale } from "../../lib/launch/build";
import { root } from "../../lib/launch/root";
import { seconds } from "../../lib/time";
import { heading, number, reached, table, timingOf } from "../measure";
import type { Size } from "../size";
import { openIn, parkedIn, parkOnes, ZONE } from "./letters";
import { load } from "./load";
import { postTo, signIn } from "./people";
import { delays, Screen, type Shown } from "./screen";
import { tabs } from "./tab";

/** From a commit in a service's database, and from a write of our own, to the screens that are open; and what 200 open screens cost. */
export async function benchLive({ full }: Size): Promise<void> {
  await buildIfStale(path.join(root, ".data/build.log"));
  console.log("The product's own PostgreSQL is that of the stories, with fsync off; four business actions a second beside.");
  const product = await startProduct({ rate: 4 });
  try {
    const admin = await signIn(product.url, product.login);
    const groupId = await park(product, ZONE, 1);
    heading("An idle tab");
    const browser = await openBrowser();
    try {
      await tabs(browser, product, screensOf(groupId), seconds(full ? 120 : 60));
    } finally {
      await browser.close();
    }
    heading("Commit to screen");
    await commits(product, admin, groupId, full ? 200 : 40);
    heading("A write of Accord's own to another screen");
    await ownWrites(product, admin, full ? 100 : 30);
    heading("Many open screens on one web process");
    await load(product, admin, groupId, full ? 40 : 10);
  } finally {
    await product.stop();
  }
}

const screensOf = (groupId: string): string[] => [
  "/zones",
  `/zones/${ZONE}`,
  `/zones/${ZONE}/keys`,
  `/zones/${ZONE}/activity`,
  "/dead-letters",
  `/dead-letters/groups/${groupId}`,
  "/divergences",
  "/sagas",
  "/cases",
  "/operations",
  "/sources",
  "/audit",
];

const rowOf = (name: string, samples: readonly number[]) => {
  const { n, p50, p95 } = timingOf(samples);
  return [name, String(n), ...[p50, p95, Math.max(...samples)].map(number)];
};
const head = ["screen", "samples", "p50 ms", "p95 ms", "worst ms"];

async function commits(product: Product, admin: string, groupId: string, n: number): Promise<void> {
  const browser = await openBrowser();
  try {
    const page = await (await signedIn(browser, product)).newPage();
    const inPage = await watch(page, groupId);
    const letters = new Screen(product.url, admin, "dead-letters", "/api/v1/dead-letters/groups", openIn(groupId));
    const zones = new Screen(product.url, admin, "zones", "/api/v1/zones", parkedIn);
    await Promise.all([letters.open(), zones.open()]);
    const moments = await parkOnes(product, n, 2);
    const all = [letters.shown, zones.shown, inPage];
    await reached(() => all.every((shown) => (shown.at(-1)?.n ?? 0) > n));
    letters.close();
    zones.close();
    table(head, [
      rowOf("dead letters, what was answered", delays(moments, letters.shown, 1)),
      rowOf("zones, what was answered", delays(moments, zones.shown, 1)),
      rowOf("dead letters, on the page in Chromium", delays(moments, inPage, 1)),
    ]);
  } finally {
    await browser.close();
  }
}

/** What the list of dead letters shows of the group in a real browser, as it changes. */
async function watch(page: Page, groupId: string): Promise<Shown[]> {
  const shown: Shown[] = [];
  await page.exposeFunction("noted", (n: number) => {
    if (n !== shown.at(-1)?.n) shown.push({ at: performance.now(), n });
  });
  await page.goto("/dead-letters");
  await page.locator(`tr[data-row="${groupId}"]`).waitFor();
  await page.evaluate((id) => {
    new MutationObserver(() => {
      const cell = document.querySelector(`tr[data-row="${id}"] td:nth-of-type(4)`);
      (window as unknown as { noted: (n: number) => void }).noted(Number(cell?.textContent));
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  }, groupId);
  return shown;
}

async function ownWrites(product: Product, admin: string, n: number): Promise<void> {
  const ours = ({ cases }: { cases: { title: string }[] }) => cases.filter(({ title }) => title.startsWith("Bench ")).length;
  const screen = new Screen(product.url, admin, "cases", "/api/v1/cases", ours);
  await screen.open();
  const moments: number[] = [];
  const written: number[] = [];
  for (let i = 0; i < n; i++) {
    await sleep(200 + Math.random() * 800);
    const at = performance.now();
    moments.push(at);
    await postTo(product.url, admin, "/api/v1/cases", { zoneId: ZONE, title: `Bench ${i}` });
    written.push(performance.now() - at);
  }
  await reached(() => (screen.shown.at(-1)?.n ?? 0) >= n);
  screen.close();
  table(head, [
    rowOf("the write itself, until it is answered", written),
    rowOf("cases of somebody else, what was answered", delays(moments, screen.shown, 0)),
  ]);
}
