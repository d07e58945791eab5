import { mkdirSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { until } from "../lib/db/testing";
import { buildIfStale } from "../lib/launch/build";
import { root } from "../lib/launch/family";
import { openBrowser } from "./browser";
import { startProduct } from "./setup";
import { signedIn } from "./story";

const out = "/tmp/recon-shots";
mkdirSync(out, { recursive: true });
const t = Date.now();
const say = (s: unknown) => console.log(Math.round((Date.now() - t) / 1000), typeof s === "string" ? s : JSON.stringify(s));

say("built");
const product = await startProduct({ rate: 5 });
const store = new pg.Pool({ connectionString: product.storeUrl, max: 2 });
const db = (name: string) =>
  new pg.Pool({ connectionString: Object.assign(new URL(product.adminUrl), { pathname: `/${name}` }).href, max: 2 });
const orders = db("orders"),
  payments = db("payments"),
  profiles = db("profiles");
const browser = await openBrowser();
try {
  await until(
    async () => (await store.query("select count(*)::int n from reconciliation_rule where ran_at is not null")).rows[0].n >= 6,
    { withinMs: 60_000, everyMs: 500 },
  );
  say(
    (
      await store.query(
        "select zone_id, rule, authority_n, projection_n, matched_n, suspects_n, run_ms, source_ms, coverage, error, notes from reconciliation_rule",
      )
    ).rows,
  );
  say((await store.query("select rule, state, kind, detail, count(*) from divergence group by 1,2,3,4")).rows);
  // old orders
  const ids = (
    await orders.query("select order_id from customer_order where state = 'committed' order by order_id limit 8")
  ).rows.map((r: { order_id: string }) => r.order_id);
  say(ids);
  await orders.query("update customer_order set submitted_at = now() - interval '9 minutes' where order_id = any($1)", [ids]);
  await payments.query("delete from payment where order_id = any($1)", [ids.slice(0, 3)]);
  await payments.query("update payment set amount_cents = amount_cents + 1900 where order_id = any($1)", [ids.slice(3, 5)]);
  await orders
    .query(
      "update customer_view set city = 'Nowhere', email = 'old@example.com', version = version - 1, updated_at = now() - interval '1 hour' where customer_id in (select customer_id from customer_view limit 2)",
    )
    .catch((e) => say(String(e)));
  const context = await signedIn(browser, product, product.login, { deviceScaleFactor: 1, colorScheme: "light" });
  const page = await context.newPage();
  await page.goto("/divergences");
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.waitForTimeout(1500);
  await page.screenshot({ path: `${out}/list-empty.png`, fullPage: true });
  await store.query("update reconciliation_rule set next_run_at = now()");
  await until(
    async () =>
      (await store.query("select count(*)::int n from divergence where state = 'open' and rule='order-charged'")).rows[0].n >= 5,
    { withinMs: 90_000, everyMs: 500 },
  );
  await page.waitForTimeout(4000);
  say((await store.query("select rule, state, kind, detail, count(*) from divergence group by 1,2,3,4")).rows);
  const dark = await (await signedIn(browser, product, product.login, { colorScheme: "dark" })).newPage();
  const phone = await (await signedIn(browser, product, product.login, { viewport: { width: 390, height: 844 } })).newPage();
  const { rows } = await store.query(
    "select divergence_id as id, kind from divergence where rule='order-charged' and state='open' order by kind",
  );
  const mismatch = rows.find((r: { kind: string }) => r.kind === "mismatch").id;
  for (const [name, url] of [
    ["list", "/divergences"],
    ["one", `/divergences/${mismatch}`],
    ["missing", `/divergences/${rows.find((r: { kind: string }) => r.kind === "missing").id}`],
    ["tab", "/zones/order-commitment/divergences"],
    ["zone", "/zones/order-commitment"],
    ["zones", "/zones"],
    ["suspects", "/divergences?state=suspect"],
    ["filtered", "/divergences?prefix=ZZZ"],
  ])
    for (const [p, suffix] of [
      [page, ""],
      [dark, "-dark"],
      [phone, "-390"],
    ] as const) {
      if (suffix !== "" && !["list", "one", "tab"].includes(name!)) continue;
      await p.goto(url!);
      await p.getByRole("heading", { level: 1 }).waitFor();
      await p.waitForTimeout(1200);
      await p.screenshot({ path: `${out}/${name}${suffix}.png`, fullPage: true });
    }
  say("shots");
  say(
    (
      await store.query(
        "select rule, kind, key, now() - first_seen_at as age, explained_by from divergence where state = 'suspect' and first_seen_at < now() - interval '20 seconds'",
      )
    ).rows,
  );
  await page.goto(`/divergences/${mismatch}`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.keyboard.press("c");
  await page.waitForTimeout(3000);
  say(
    await page
      .getByText(/looked at/)
      .first()
      .textContent(),
  );
  await page.goto("/zones/order-commitment/divergences");
  await page.getByRole("button", { name: /Run order-charged/ }).click();
  await page.waitForTimeout(4000);
  say((await store.query("select rule, ran_at, now() - ran_at as ago, run_ms from reconciliation_rule")).rows);
  await payments.query("update payment set amount_cents = amount_cents - 1900 where order_id = any($1)", [ids.slice(3, 5)]);
} catch (e) {
  say(String(e));
} finally {
  await browser.close();
  await Promise.all([store, orders, payments, profiles].map((p) => p.end()));
  await product.stop();
}
