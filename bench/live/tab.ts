import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, CDPSession } from "playwright-core";
import type { Product } from "../../e2e/setup";
import { signedIn } from "../../e2e/story";
import { number, table, timingOf, whole } from "../measure";

/** A list's first row, a page's first fact, or what an empty screen says. */
const FIRST = "main tbody tr, main [data-row], main dl, main article, main :is(h1, h2).text-15";

/** What a tab took from the server; sizes are what came over the wire. */
type Taken = { js: number; bytes: number; requests: string[] };

// One visit is as long as what else the machine does in that half second.
const VISITS = 3;

/**
 * What one tab of each screen costs: JavaScript on a cold cache, the time from going there to its first row (the middle one of three visits),
 * and what it asks for while nobody touches it. Screens are opened one after another, and stand idle side by side, each in a session of its own.
 */
export async function tabs(browser: Browser, product: Product, paths: readonly string[], idleMs: number): Promise<void> {
  const opened = [];
  // What the server does once, at the first visit of all, is no screen's.
  for (const path of paths) await (await open(browser, product, path)).context.close();
  for (const path of paths) {
    const visits = [];
    for (let n = 0; n < VISITS; n++) {
      await visits.at(-1)?.context.close();
      visits.push(await open(browser, product, path));
    }
    const firstRowMs = timingOf(visits.map((visit) => visit.firstRowMs)).p50;
    opened.push({ ...visits.at(-1)!, firstRowMs });
  }
  // What the last one still loads is not idleness.
  await sleep(5_000);
  for (const { taken } of opened) Object.assign(taken, { bytes: 0, requests: [] });
  await sleep(idleMs);
  const perMinute = (n: number) => (n * 60_000) / idleMs;
  const head = ["screen", "JS, kB", "first row, ms", "requests a minute", "kB a minute", "most asked, times a minute"];
  table(
    head,
    opened.map(({ path, js, firstRowMs, taken }) => [
      path,
      whole(js / 1_024),
      whole(firstRowMs),
      number(perMinute(taken.requests.length)),
      number(perMinute(taken.bytes) / 1_024),
      mostAsked(taken.requests, perMinute),
    ]),
  );
  for (const { context } of opened) await context.close();
}

async function open(browser: Browser, product: Product, path: string) {
  const context = await signedIn(browser, product);
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  const taken = await count(session, product.url);
  const startedAt = performance.now();
  // Not until everything is loaded: the first row is there before.
  await page.goto(path, { waitUntil: "commit" });
  await page.locator(FIRST).first().waitFor();
  const firstRowMs = performance.now() - startedAt;
  await sleep(2_000);
  return { path, context, taken, js: taken.js, firstRowMs };
}

/** Counts from now on. A stream's bytes count as they come, not when it ends. */
async function count(session: CDPSession, url: string): Promise<Taken> {
  const taken: Taken = { js: 0, bytes: 0, requests: [] };
  const scripts = new Set<string>();
  await session.send("Network.enable");
  session.on("Network.requestWillBeSent", ({ request, type, requestId }) => {
    taken.requests.push(request.url.replace(url, ""));
    if (type === "Script") scripts.add(requestId);
  });
  session.on("Network.dataReceived", ({ encodedDataLength }) => {
    taken.bytes += encodedDataLength;
  });
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) taken.js += encodedDataLength;
  });
  return taken;
}

function mostAsked(requests: readonly string[], perMinute: (n: number) => number): string {
  const counts = new Map<string, number>();
  for (const request of requests) counts.set(request, (counts.get(request) ?? 0) + 1);
  const [first] = [...counts].sort(([, a], [, b]) => b - a);
  return first ? `${first[0]} ${number(perMinute(first[1]))}` : "";
}
