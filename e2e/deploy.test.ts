import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { testDatabase, until } from "../lib/db/testing";
import { root } from "../lib/launch/root";
import { freePort } from "../lib/platform/port";
import { packProduct } from "./packed";
import { pages } from "./setup";

// biome-ignore lint/suspicious/noExplicitAny: manifests are read by the names that Kubernetes gives them.
type Manifest = any;

const read = (file: string) => readFileSync(path.join(root, file), "utf8");
const manifests: Manifest[] = readdirSync(path.join(root, "deploy/kubernetes")).flatMap((file) =>
  parseAllDocuments(read(`deploy/kubernetes/${file}`), { strict: true }).map((document) => document.toJS()),
);
const named = (kind: string, name: string): Manifest => manifests.find((one) => one.kind === kind && one.metadata.name === name);
const podOf = (workload: Manifest) => workload.spec.template.spec;
const containerOf = (kind: string, name: string): Manifest => podOf(named(kind, name)).containers[0];
const migrate = containerOf("Job", "accord-migrate");
const web = containerOf("Deployment", "accord-web");
const worker = containerOf("Deployment", "accord-worker");

let folder: string;
let product: string;
let database: Awaited<ReturnType<typeof testDatabase>>;
let env: Record<string, string>;
const started = new Set<ChildProcess>();

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "accord-deploy-"));
  chmodSync(folder, 0o755);
  product = path.join(folder, "accord");
  mkdirSync(product);
  mkdirSync(path.join(folder, "contracts"));
  writeFileSync(
    path.join(folder, "accord.yaml"),
    "version: 1\nenvironment: deployed\nsources: { orders: { service: order-service, url: postgres://nobody:x@127.0.0.1:1/orders } }\ncontracts: ./contracts\n",
  );
  writeFileSync(
    path.join(folder, "contracts/orders.yaml"),
    "version: 1\nzone: orders\ntitle: Orders\npromise: An order is known.\nexpectation: { class: eventual, window: 5m }\nsemantics: { events: { OrderPlaced: { from: orders, to: [order-service] } } }\naccountability: { owner: checkout }\n",
  );
  database = await testDatabase("deploy");
  env = {
    DATABASE_OWNER_URL: database.url,
    DATABASE_URL: Object.assign(new URL(database.url), { username: "accord_app" }).href,
    NEXTAUTH_URL: "https://accord.example.com",
    NEXTAUTH_SECRET: "a-secret-for-what-is-deployed-0123456789",
    ACCORD_CONFIG: path.join(folder, "accord.yaml"),
    PORT: String(await freePort()),
  };
  await pages();
  packProduct(product);
});
afterAll(async () => {
  for (const child of started) child.kill("SIGKILL");
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts what a container names, with what it is given, as somebody who may write nothing of the product. */
function start(container: Manifest): { child: ChildProcess; said: Promise<string>; ended: Promise<number | null> } {
  const given = container.envFrom.flatMap(({ configMapRef, secretRef }: Manifest) =>
    Object.keys(configMapRef ? named("ConfigMap", configMapRef.name).data : named("Secret", secretRef.name).stringData),
  );
  const own = (container.env ?? []).map((one: Manifest) => one.name);
  const [program, ...args] = container.command as string[];
  expect(program).toBe("node");
  const child = spawn(process.execPath, args, {
    cwd: product,
    ...(process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}),
    env: {
      ...{ NODE_ENV: "production", PATH: process.env.PATH, NEXT_TELEMETRY_DISABLED: "1" },
      ...Object.fromEntries([...given, ...own].map((name: string) => [name, env[name]])),
    } as NodeJS.ProcessEnv,
    stdio: ["ignore", "pipe", "pipe"],
  });
  started.add(child);
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const said = Promise.all([text(child.stdout!), text(child.stderr!)]).then((both) => both.join(""));
  return { child, said, ended };
}

const rows = async (statement: string) => {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
};

test("every container runs as nobody in particular, on files that it cannot write, and is given no more than it needs", () => {
  for (const workload of manifests.filter(({ kind }) => kind === "Deployment" || kind === "Job")) {
    expect(podOf(workload)).toMatchObject({ automountServiceAccountToken: false, securityContext: { runAsNonRoot: true } });
    for (const { securityContext } of podOf(workload).containers)
      expect(securityContext).toEqual({
        ...{ readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
      });
  }
  for (const { envFrom } of [web, worker]) expect(JSON.stringify(envFrom)).not.toContain("owner");
  expect(read("Dockerfile")).toMatch(/^USER node$/m);
  expect(read("Dockerfile")).toMatch(/^HEALTHCHECK .*\n.*api\/health\/alive/m);
  const { services } = parse(read("compose.yaml"), { merge: true });
  for (const name of ["migrate", "accord"]) expect(services[name]).toMatchObject({ read_only: true, cap_drop: ["ALL"] });
  expect(services.migrate.command).toEqual(migrate.command);
});

test("a disruption takes one web and one worker at most, and every selector finds what it is for", () => {
  for (const { kind, spec } of manifests.filter((one) => one.kind === "PodDisruptionBudget" || one.kind === "Service")) {
    const labels = kind === "Service" ? spec.selector : spec.selector.matchLabels;
    const found = manifests.filter((one) => one.kind === "Deployment" && one.spec.template.metadata.labels.part === labels.part);
    expect(found.map((one) => one.spec.selector.matchLabels)).toEqual([labels]);
    if (kind === "PodDisruptionBudget") expect(spec.maxUnavailable).toBeLessThan(found[0].spec.replicas);
  }
});

test("what the manifests name starts from the pruned product, answers its probes, and ends gracefully: requests are answered and leases let go", async () => {
  const migrated = start(migrate);
  expect(await migrated.ended, await migrated.said).toBe(0);
  const [page, tasks] = [start(web), start(worker)];
  const origin = `http://127.0.0.1:${env.PORT}`;
  for (const probe of [web.startupProbe, web.livenessProbe, web.readinessProbe])
    await until(async () => (await fetch(`${origin}${probe.httpGet.path}`)).status === 200, { withinMs: 60_000, everyMs: 100 });
  await until(async () => (await rows("select 1 from lease where until > now()")).length > 0, { withinMs: 60_000, everyMs: 100 });
  expect(await rows("select title from zone")).toEqual([{ title: "Orders" }]);

  // A request that is half sent when the end comes.
  const socket = net.connect(Number(env.PORT), "127.0.0.1");
  const answered = text(socket);
  const body = JSON.stringify({ none: true });
  socket.write(
    `POST /api/v1/deploys HTTP/1.1\r\nhost: accord.example.com\r\norigin: https://accord.example.com\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`,
  );
  await fetch(`${origin}/api/health/alive`);
  page.child.kill("SIGTERM");
  tasks.child.kill("SIGTERM");
  expect(await tasks.ended, await tasks.said).toBe(0);
  expect(await rows("select 1 from lease union all select 1 from worker")).toEqual([]);
  socket.write(body);
  expect(await answered).toContain("HTTP/1.1 401");
  expect([0, 143, null]).toContain(await page.ended);
  for (const said of [await page.said, await tasks.said]) expect(said).not.toMatch(/EACCES|EROFS/);
});
