import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { root } from "../launch/root";
import { killedStory } from "./killed.testing";
import { makeDue } from "./testing";

test("workers are killed by SIGKILL 200 times between any two steps of 500 alerts: each step is told, in order, repeats under their id", async () => {
  const script = new URL("./worker.testing.ts", import.meta.url).pathname;
  await killedStory(
    { alertsN: 500, deathsN: 200 },
    async ({ url }, channel, gap) => {
      const child = spawn(process.execPath, ["--import", "tsx", script, url, JSON.stringify(channel), String(gap)], {
        cwd: root,
        stdio: "inherit",
      });
      const [code, signal] = (await once(child, "close")) as [number | null, string | null];
      if (signal === "SIGKILL") throw new Error("killed");
      expect(code).toBe(0);
    },
    makeDue,
  );
});
