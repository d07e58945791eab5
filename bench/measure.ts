import { setTimeout as sleep } from "node:timers/promises";

export type Timing = { n: number; p50: number; p95: number };

/** Times `work`, after `warm` runs that do not count. */
export async function timed(n: number, work: () => Promise<unknown>, warm = 3): Promise<Timing> {
  const samples: number[] = [];
  for (let i = -warm; i < n; i++) {
    const startedAt = performance.now();
    await work();
    if (i >= 0) samples.push(performance.now() - startedAt);
  }
  return timingOf(samples);
}

export function timingOf(samples: readonly number[]): Timing {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { n: sorted.length, p50: at(0.5), p95: at(0.95) };
}

/** How long something took once, in ms, with what it answered. */
export async function once<T>(work: () => Promise<T>): Promise<{ ms: number; value: T }> {
  const startedAt = performance.now();
  const value = await work();
  return { ms: performance.now() - startedAt, value };
}

/** Three digits are all that a shared machine can vouch for. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export const whole = (value: number): string => Math.round(value).toLocaleString("en-US");
export const times = (value: number): string => `${number(value)}x`;
export const pair = ({ p50, p95 }: Timing): string => `${number(p50)} / ${number(p95)}`;

export function heading(text: string): void {
  console.log(`\n## ${text}\n`);
}

/** Prints a table as it stands in docs/benchmarks.md. */
export function table(head: readonly string[], body: readonly (readonly string[])[]): void {
  console.log([head, head.map(() => "---"), ...body].map((cells) => `| ${cells.join(" | ")} |`).join("\n"));
}

/** Waits until something is so; fails when it is not within half a minute. */
export async function reached(fact: () => boolean, everyMs = 20): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!fact()) {
    if (performance.now() > deadline) throw new Error(`Not so within 30 s: ${fact}.`);
    await sleep(everyMs);
  }
}
