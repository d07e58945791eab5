import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, test } from "vitest";
import { ensureEmbedded, stopEmbedded } from "../db/embedded";
import { seconds } from "../time";
import { readingStory } from "./reading.testing";

describe.each(Array.from({ length: 20 }, (_, i) => 100 + i))("seed %i", (seed) => {
  test(
    "tables without triggers under six kinds of writers: nothing is missed, and nothing counts twice",
    () =>
      readingStory(seed, {
        writesN: seed % 4 === 0 ? 60 : 120,
        longMs: seed % 4 === 0 ? seconds(4) : 600,
        restarts: seed % 2 === 1,
      }),
    600_000,
  );
});

test("transactions of up to half a minute", () => readingStory(7, { writesN: 12, longMs: seconds(30), restarts: true }), 900_000);

test("the source's server is killed and started again, and again: what was committed is seen, and counts once", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "accord-killed-"));
  const dataDir = path.join(folder, "pg");
  let server = await ensureEmbedded({ dataDir, maxConnections: 50 });
  const restart = async () => {
    process.kill(server.pid, "SIGKILL");
    server = await ensureEmbedded({ dataDir, maxConnections: 50, port: server.port });
  };
  try {
    await readingStory(8, {
      writesN: 400,
      longMs: 600,
      restarts: false,
      killed: { url: server.url, restart, everyMs: seconds(4) },
    });
  } finally {
    await stopEmbedded(dataDir);
    rmSync(folder, { recursive: true, force: true });
  }
}, 600_000);
