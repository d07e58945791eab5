import { readdirSync, readFileSync } from "node:fs";
import pg from "pg";
import { expect, test } from "vitest";
import { until } from "../lib/db/testing";
import { openBrowser } from "./browser";
import { productsFolder, startProduct } from "./setup";

test("a product is up with its services, survives the end of its web process, and leaves nothing behind", async () => {
  const product = await startProduct();
  const browser = await openBrowser();
  try {
    const page = await (await browser.newContext()).newPage();
    await page.goto(product.url);
    expect(page.url()).toMatch(/\/sign-in/);
    await product.kill("web");
    await expect(page.goto(product.url)).rejects.toThrow(/ERR_CONNECTION_REFUSED/);
    await product.start("web");
    expect((await page.goto(product.url))?.status()).toBe(200);
    expect(await publishedWithin(product.adminUrl, 15_000)).toBeGreaterThan(0);
  } finally {
    await browser.close();
    await product.stop();
  }
  const children = readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && commandOf(pid).includes(productsFolder));
  expect(children).toEqual([]);
});

/** How many events the order service has published, once there are any. */
async function publishedWithin(adminUrl: string, withinMs: number): Promise<number> {
  const url = new URL(adminUrl);
  url.pathname = "/orders";
  const client = new pg.Client(url.href);
  await client.connect();
  try {
    return await until(
      async () => (await client.query("select 1 from messaging.outbox where published_at is not null")).rowCount || null,
      {
        withinMs,
      },
    );
  } finally {
    await client.end();
  }
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}
