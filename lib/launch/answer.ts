import { setTimeout as sleep } from "node:timers/promises";
import type { Death } from "./process-group";

/** Waits until an address answers without a fault of its own; fails at once when one of the process group dies, or after `withinMs`. */
export async function waitForAnswer(url: string, died: Promise<Death>, withinMs = 60_000): Promise<void> {
  let death: Death | null = null;
  void died.then((first) => {
    death = first;
  });
  let last = "nothing";
  for (const deadline = Date.now() + withinMs; Date.now() < deadline; await sleep(50)) {
    if (death) throw new Error(`${(death as Death).name} ${(death as Death).how}`);
    try {
      const { status } = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(10_000) });
      if (status < 500) return;
      last = `status ${status}`;
    } catch (error) {
      last = error instanceof Error ? ((error.cause as Error | undefined)?.message ?? error.message) : String(error);
    }
  }
  throw new Error(`${url} did not answer within ${withinMs / 1_000} s: ${last}`);
}
