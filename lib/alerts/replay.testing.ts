import { sql } from "drizzle-orm";
import { expect } from "vitest";
import { evaluateReadings } from "../alerting/evaluate";
import type { Ctx } from "../context";
import type { Contract } from "../contracts/rules";
import { readContracts } from "../contracts/service";
import { rows } from "../db/rows";
import { hours, type Instant } from "../time";
import { parseReplay } from "./input";
import { replayCondition } from "./replay";
import { alertLimits, type Reading } from "./rules";

/** A small generator of its own, so that a seed is the same day everywhere (Mulberry32, Tommy Ettinger). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Figures that come and go over some hours: failures, parked messages, silence, groups, and what nobody can tell. */
export function* seededReadings(seed: number, from: Instant, spanMs: number): Generator<Reading> {
  const next = random(seed);
  let failed = 0;
  let silent = false;
  let unseen = false;
  let since: Instant | null = null;
  for (let at = from; at < from + spanMs; at += alertLimits.tickMs) {
    if (next() < 0.02) failed = failed > 0 ? 0 : 1 + Math.floor(next() * 3);
    if (next() < 0.02) silent = !silent;
    if (next() < 0.01) unseen = !unseen;
    if (next() < 0.03) since = since === null ? at : null;
    yield {
      at,
      values: {
        compensations_failed: failed,
        parked: Math.floor(next() * 40),
        breached: Number(since !== null && at - since > 30_000),
        at_risk: Number(since !== null),
      },
      ...(since === null ? {} : { since: { oldest_unresolved: since } }),
      ...(unseen ? { unknown: { breached: "unseen", at_risk: "unseen" }, atLeast: ["parked"] } : {}),
      ...(silent ? { causes: { sources_silent: [{ id: "stock", value: 1 }] } } : {}),
    };
  }
}

/** A contract that asks for these conditions, and for no others of its own. */
export function asking(contract: Contract, conditions: readonly string[]): Contract {
  const alerts = conditions.map((when) => ({ when: parseReplay({ zone: contract.zoneId, when }).condition, notify: [] }));
  return { ...contract, accountability: { ...contract.accountability, alerts } };
}

/** Lives through seeded hours and holds what was raised against what a replay of each condition says of them. */
export async function replayStory(ctx: Ctx, seed: number, spanMs: number, conditions: readonly string[]): Promise<number> {
  const to = Math.floor(ctx.now / hours(1)) * hours(1);
  const contracts = (await readContracts(ctx.db))
    .filter(({ zoneId }) => zoneId === "sales")
    .map((one) => asking(one, conditions));
  for (const reading of seededReadings(seed, to - spanMs, spanMs))
    await evaluateReadings(ctx.db, contracts, [{ zoneId: "sales", reading }], reading.at);
  let raisedN = 0;
  for (const when of conditions) {
    const raised = await rows<{ cause: string; raisedAt: Instant; clearedAt: Instant | null }>(
      ctx.db,
      sql`select cause, raised_at as "raisedAt", cleared_at as "clearedAt" from alert where zone_id = 'sales' and condition = ${when} and raised_at is not null order by raised_at desc, alert_id desc`,
    );
    const replayed = await replayCondition({ ...ctx, now: to }, parseReplay({ zone: "sales", when }));
    expect(replayed.raisedN, when).toBe(raised.length);
    expect(
      replayed.raised.map(({ figure: _, ...one }) => one),
      when,
    ).toEqual(raised.slice(0, replayed.raised.length));
    raisedN += raised.length;
  }
  return raisedN;
}
