import type { ChannelConfig } from "../channels/rules";
import { openStore } from "../db/pool";
import { deliver } from "./deliver";
import { mortal } from "./killed.testing";
import { routeSteps } from "./route";

/** A worker that routes and sends as a process of its own, and is killed at a gap between two of its steps: `worker url channel gap`. */
const [url, channel, gap] = process.argv.slice(2) as [string, string, string];
const store = openStore(url, 6, "accord test worker");
const db = mortal(store.db, Number(gap), () => {
  process.kill(process.pid, "SIGKILL");
  // Nothing runs after the signal has arrived; until then nothing may go on.
  for (;;);
});
await routeSteps(db, null);
await deliver({ db, environment: "test", baseUrl: null, linkKey: null }, JSON.parse(channel) as ChannelConfig);
await store.close();
