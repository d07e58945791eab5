import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, chownSync, copyFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Contract, SourceConfig } from "../contracts/rules";
import { ownTables } from "../contracts/testing";
import { ensureEmbedded, stopEmbedded } from "../db/embedded";
import { listen } from "../db/listen";
import { openStore } from "../db/pool";
import { withTls } from "../platform/tls";
import { checkSource } from "./check";
import type { SourceCheckName } from "./check.rules";
import { failureWords } from "./failure-words";
import { installNative } from "./presets/native/install";
import { nativeSource } from "./presets/native/native";

// What these tests promise needs a server of their own: one that is restarted, and one that speaks TLS.
let folder: string;
let dataDir: string;
let url: string;
const ca = () => path.join(folder, "ca.pem");

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "accord-own-"));
  chmodSync(folder, 0o755);
  dataDir = path.join(folder, "pg");
  await start();
  await installNative(url);
});
afterAll(async () => {
  await stopEmbedded(dataDir);
  rmSync(folder, { recursive: true, force: true });
});

async function start(settings: Record<string, string> = {}): Promise<void> {
  ({ url } = await ensureEmbedded({ dataDir, maxConnections: 20, settings: { fsync: "off", ...settings } }));
}

async function run(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(text);
  await client.end();
}

const config = (address: string): SourceConfig => ({
  ...{ sourceId: "orders", service: "order-service", preset: "native", consumers: [], schema: "messaging" },
  ...{ url: address, actUrl: address, observeEveryMs: 2_000, act: true, timeZone: "UTC", ...ownTables },
});
const opened = () => nativeSource(config(url));
const addOutbox = (key: string) =>
  run(`insert into messaging.outbox (message_id, event_type, aggregate_type, business_key, payload, occurred_at)
    values (gen_random_uuid(), 'OrderSubmitted', 'order', '${key}', '{}', now())`);
const found = async (address: string, check: SourceCheckName) =>
  (await checkSource(config(address))).find((one) => one.check === check)!;
const words = (failing: Promise<unknown>) => failing.then(() => "it worked", failureWords);

test("C3: a standby is refused in words, and when the address leads to the primary again nothing is missing", async () => {
  let source = opened();
  const first = await source.poll(null, 100);
  await source.close();
  await addOutbox("BEFORE");
  await stopEmbedded(dataDir);
  writeFileSync(path.join(dataDir, "standby.signal"), "");
  await start();
  source = opened();
  expect(await words(source.poll(first.cursor, 100))).toContain("leads to a standby");
  const relation = { relation: "messaging.outbox", key: "message_id", columns: [], changedAt: null, version: null };
  expect((await source.comparable!.describe(relation)).problem).toContain("standby");
  expect(
    await words(
      source.discardable!.discard(
        [{ sourceDeadLetterId: "1", consumer: "order-service", mark: null, messageId: "00000000-0000-4000-8000-000000000000" }],
        "why",
      ),
    ),
  ).toContain("takes no writes");
  expect(await found(url, "standby")).toMatchObject({ state: "fail", todo: expect.stringContaining("primary") });
  expect((await found(url, "poll")).state).toBe("unknown");
  await source.close();

  await stopEmbedded(dataDir);
  rmSync(path.join(dataDir, "standby.signal"));
  await start();
  await addOutbox("AFTER");
  source = opened();
  const back = await source.poll(first.cursor, 100);
  expect(back.reread).toBeNull();
  expect(back.outbox.map(({ businessKey }) => businessKey).sort()).toEqual(["AFTER", "BEFORE"]);
  await source.close();
});

test("C3: a standby that was promoted is noticed as another database, and its open rows are read anew", async () => {
  let source = opened();
  const before = await source.poll(null, 100);
  await source.close();
  await stopEmbedded(dataDir);
  writeFileSync(path.join(dataDir, "standby.signal"), "");
  await start();
  await run("select pg_promote()");
  source = opened();
  const after = await source.poll(before.cursor, 100);
  expect(after.identity).not.toBe(before.identity);
  expect(after.reread).toContain("another database answers");
  expect(after.outbox).toHaveLength(2);
  await source.close();
});

test("C4: where events are captured, each slot says how far it is, one that nobody reads fails, and a source without any is told", async () => {
  await stopEmbedded(dataDir);
  await start({ wal_level: "logical" });
  const event = { eventType: "OrderSubmitted", from: "orders", to: ["stock-service"], propagation: "cdc" };
  const captured = { semantics: { events: [event] }, recovery: { reconciliation: [] } } as unknown as Contract;
  const capture = async (contracts: Contract[]) =>
    (await checkSource(config(url), contracts)).find(({ check }) => check === "capture")!;
  expect(await capture([])).toMatchObject({ state: "ok", sentence: expect.stringContaining("No contract says") });
  expect(await capture([captured])).toMatchObject({
    state: "warn",
    sentence: expect.stringContaining("no logical replication slot"),
  });

  await run("select pg_create_logical_replication_slot('orders_outbox', 'pgoutput')");
  await addOutbox("CAPTURED");
  const stopped = await capture([captured]);
  expect(stopped.state).toBe("fail");
  const behind =
    /^Nobody reads orders_outbox: orders_outbox has acknowledged all but ([\d,]+) bytes of what the whole database wrote, and nobody has read it for [\d.]+ s\.$/;
  expect(Number(behind.exec(stopped.sentence)?.[1]?.replaceAll(",", ""))).toBeGreaterThan(0);
  await run("select pg_drop_replication_slot('orders_outbox')");
  await stopEmbedded(dataDir);
  await start();
});

/** An authority, a certificate that it signed for localhost, and a server that speaks TLS with it. */
async function startWithTls(): Promise<void> {
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "ignore" });
  const key = ["-newkey", "rsa:2048", "-nodes", "-days", "2"];
  openssl("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=our own authority");
  openssl("req", "-x509", ...key, "-keyout", "other.key", "-out", "other.pem", "-subj", "/CN=another authority");
  openssl(
    "req",
    ...key,
    "-keyout",
    "server.key",
    "-out",
    "server.csr",
    "-subj",
    "/CN=localhost",
    "-addext",
    "subjectAltName=DNS:localhost",
  );
  openssl(
    "x509",
    "-req",
    "-in",
    "server.csr",
    "-CA",
    "ca.pem",
    "-CAkey",
    "ca.key",
    "-CAcreateserial",
    "-days",
    "2",
    "-out",
    "server.pem",
    "-copy_extensions",
    "copy",
  );
  await stopEmbedded(dataDir);
  const { uid, gid } = statSync(dataDir);
  for (const file of ["server.key", "server.pem"]) {
    copyFileSync(path.join(folder, file), path.join(dataDir, file));
    chownSync(path.join(dataDir, file), uid, gid);
    chmodSync(path.join(dataDir, file), 0o600);
  }
  await start({ ssl: "on", ssl_cert_file: "server.pem", ssl_key_file: "server.key" });
}

// Skipped where nothing can make a certificate.
const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;
test.skipIf(!hasOpenssl)(
  "C8: what an address or tls: demands is kept, in libpq's meaning, for sources and the store alike",
  async () => {
    expect(await words(nativeSource(config(withTls(url, "require", undefined))).poll(null, 1))).toContain("offers no TLS");
    await startWithTls();
    const named = Object.assign(new URL(url), { hostname: "localhost" }).href;
    const poll = async (address: string) => {
      const source = nativeSource(config(address));
      return words(source.poll(null, 1)).finally(() => source.close());
    };
    expect(await poll(withTls(url, "disable", undefined))).toBe("it worked");
    expect(await poll(`${url}?sslmode=require`)).toBe("it worked");
    expect(await poll(withTls(url, "require", path.join(folder, "other.pem")))).toContain("Nobody whom this machine trusts");
    expect(await poll(withTls(url, "verify-ca", ca()))).toBe("it worked");
    expect(await poll(withTls(named, "verify-full", ca()))).toBe("it worked");
    expect(await poll(withTls(url, "verify-full", ca()))).toContain("for another host name");
    expect(await poll(withTls(named, "verify-full", undefined))).toContain("Nobody whom this machine trusts");
    expect(() => nativeSource(config(`${url}?sslmode=prefer`))).toThrow("does not say whether");
    expect(() => nativeSource(config(withTls(url, "verify-ca", undefined)))).toThrow("needs the authority's certificate");

    expect(await found(withTls(url, "require", undefined), "tls")).toMatchObject({
      state: "warn",
      sentence: expect.stringContaining("nobody checks"),
    });
    expect(await found(withTls(named, "verify-full", ca()), "tls")).toMatchObject({
      state: "ok",
      sentence: expect.stringContaining("is checked"),
    });

    const store = openStore(withTls(named, "verify-full", ca()), 1);
    const { rows } = await store.pool.query("select ssl from pg_stat_ssl where pid = pg_backend_pid()");
    expect(rows).toEqual([{ ssl: true }]);
    await store.close();
    const heard = await new Promise<string>((resolve) => {
      const listener = listen(withTls(named, "verify-full", ca()), "c8", "accord test", {
        onTold: () => {},
        onUp: () => resolve(listener.close().then(() => "up")),
        onDown: (error) => resolve(String(error)),
      });
    });
    expect(heard).toBe("up");
  },
);
