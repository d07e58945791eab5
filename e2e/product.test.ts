import { readdirSync, readFileSync } from "node:fs";
import pg from "pg";
import { expect, test } from "vitest";
import { until } from "../lib/db/testing";
import { openBrowser } from "./browser";
import { type Product, startProduct } from "./setup";

test("a product is up with its services, survives the end of its web process, and leaves nothing behind", async () => {
  const product = await startProduct();
  // Web, worker, nine services and the database server; whose else it is may run beside it.
  expect(processesOf(product).length).toBeGreaterThanOrEqual(12);
  const browser = await openBrowser();
  try {
    const page = await (await browser.newContext()).newPage();
    await page.goto(product.url);
    await page.waitForURL(/\/sign-in/);
    await product.kill("web");
    await expect(page.goto(product.url)).rejects.toThrow(/ERR_CONNECTION_REFUSED/);
    await product.start("web");
    expect((await page.goto(product.url))?.status()).toBe(200);
    // Next hands a route handler's answer over in a way that its own compression does not see.
    expect((await fetch(`${product.url}/api/v1/openapi.json`)).headers.get("content-encoding")).toBe("gzip");
    // Scripts go out as the build packed them.
    const [script] = (await (await fetch(`${product.url}/sign-in`)).text()).match(/\/_next\/static\/[^"]+\.js/)!;
    const packed = await fetch(product.url + script, { headers: { "accept-encoding": "gzip, br" } });
    expect([packed.headers.get("content-encoding"), packed.headers.get("cache-control")]).toEqual([
      "br",
      expect.stringContaining("immutable"),
    ]);
    expect(packed.headers.get("content-type")).toContain("javascript");
    const plain = await fetch(product.url + script, { headers: { "accept-encoding": "gzip" } });
    expect(plain.headers.get("content-encoding")).toBe("gzip");
    expect(await packed.text()).toBe(await plain.text());
    expect(await publishedWithin(product.adminUrl, 15_000)).toBeGreaterThan(0);
  } finally {
    await browser.close();
    await product.stop();
  }
  expect(processesOf(product)).toEqual([]);
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

/** Commands of the processes that were told where this product's database is, or run it. */
function processesOf({ adminUrl, folder }: Product): string[] {
  const knows = (pid: string) => [folder, `${new URL(adminUrl).host}/`].some((what) => toldTo(pid).includes(what));
  return readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid) && knows(pid))
    .map((pid) => read(pid, "cmdline").replaceAll("\0", " "));
}

const toldTo = (pid: string) => `${read(pid, "cmdline")}\0${read(pid, "environ")}`;

function read(pid: string, what: string): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, "utf8");
  } catch {
    return "";
  }
}
