import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Product } from "../../e2e/setup";
import { rowsIn } from "../../e2e/story";
import { LIVE_CHANNEL } from "../../lib/live/rules";
import { isAlive } from "../../lib/platform/process";
import { number, reached, table, timingOf, whole } from "../measure";
import { openIn, parkOnes } from "./letters";
import { people } from "./people";
import { delays, Screen } from "./screen";

const PEOPLE = 50;
const SCREENS_EACH = 4;

/** What 200 open screens cost a web process, how soon all of them hear, show, and are let go of. */
export async function load(product: Product, admin: string, groupId: string, n: number): Promise<void> {
  const cookies = await people(product.url, admin, PEOPLE);
  const before = await costOf(product);
  const screens = cookies.flatMap((cookie) =>
    Array.from({ length: SCREENS_EACH }, () =>
      Object.assign(new Screen(product.url, cookie, "dead-letters", "/api/v1/dead-letters/groups", openIn(groupId)), {
        asks: false,
      }),
    ),
  );
  await Promise.all(screens.map((screen) => screen.open()));
  await sleep(3_000);
  const standing = await costOf(product);
  const [{ open }] = (await rowsIn<{ open: number }>(
    product,
    "accord",
    "select open_n as open from dead_letter_group where group_id = $1",
    [groupId],
  )) as [{ open: number }];
  const heard: number[] = [];
  for (let i = 0; i < 10; i++) heard.push(...(await tellAll(product, screens)));
  for (const screen of screens) screen.asks = true;
  const moments = await parkOnes(product, n, open + 1);
  await reached(() => screens.every((screen) => (screen.shown.at(-1)?.n ?? 0) >= open + n), 100);
  const asking = await costOf(product);
  table(
    ["web process", "RSS, MB", "connections to the store"],
    [
      ["before", whole(before.mb), before.connections],
      [`${screens.length} streams open`, whole(standing.mb), standing.connections],
      [`and each asks for what changes`, whole(asking.mb), asking.connections],
    ],
  );
  console.log();
  const seen = screens.flatMap((screen) => delays(moments, screen.shown, open));
  const ended = await end(product, screens);
  const rowOf = (name: string, samples: readonly number[]) => {
    const { p50, p95 } = timingOf(samples);
    return [name, ...[p50, p95, Math.max(...samples)].map(number)];
  };
  table(
    [`${screens.length} screens`, "p50 ms", "p95 ms", "worst ms"],
    [
      rowOf("told of a change, each", heard),
      rowOf("commit in a source to shown, each", seen),
      ["SIGTERM to all streams ended", "", "", number(ended.streams)],
      ["SIGTERM to the process gone", "", "", number(ended.process)],
    ],
  );
}

/** Memory of the process and its connections, by what they are for. */
async function costOf(product: Product): Promise<{ mb: number; connections: string }> {
  const status = readFileSync(`/proc/${product.pid("web")}/status`, "utf8");
  const rows = await rowsIn<{ name: string; n: number }>(
    product,
    "accord",
    `select application_name as name, count(*)::int as n from pg_stat_activity
      where datname = 'accord' and application_name like 'accord web%' group by 1 order by 1`,
  );
  return {
    mb: Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1_024,
    connections: rows.map(({ name, n }) => `${n} ${name}`).join(", "),
  };
}

/** How long it takes each screen to hear of one change of the store. */
async function tellAll(product: Product, screens: Screen[]): Promise<number[]> {
  const at = performance.now();
  await rowsIn(product, "accord", "select pg_notify($1, 'contracts')", [LIVE_CHANNEL]);
  const heard = () => screens.map((screen) => screen.hears("contracts", at));
  await reached(() => heard().every((one) => one !== undefined));
  return heard().map((one) => one! - at);
}

async function end(product: Product, screens: Screen[]): Promise<{ streams: number; process: number }> {
  const pid = product.pid("web");
  const at = performance.now();
  process.kill(pid, "SIGTERM");
  await reached(() => !isAlive(pid), 5);
  const gone = performance.now();
  await reached(() => screens.every((screen) => screen.endedAt !== null));
  return { streams: Math.max(...screens.map((screen) => screen.endedAt!)) - at, process: gone - at };
}
