import type { Ctx } from "@/lib/context";
import { zoneFilter } from "@/lib/permissions";
import { type Family, readMetrics } from "@/lib/zones/metrics";
import { answer } from "../answer";
import { bearerOf } from "../bearer";
import { contextOf } from "../context";
import { log } from "../log";
import { store } from "../store";
import { exposition } from "./exposition";
import { processFamilies } from "./process";

// Several scrapers, or one that is set too fast, cost the store one reading a second.
const KEPT_MS = 1_000;
// Different sets of zones that are kept apart; tokens of a monitoring system are few.
const KEPT_MOST = 50;
const kept = new Map<string, { at: number; families: Promise<Family[]> }>();

/** GET /metrics: for any token or session, of the zones that it sees; without one only where ACCORD_METRICS_OPEN says so. */
export const metrics = (request: Request): Promise<Response> =>
  answer(request, async () => {
    const ctx = isOpen(request.headers) ? nobody() : await contextOf(request.headers);
    const told = await reportedBy(ctx);
    return new Response(exposition([...told, ...processFamilies()]), {
      headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8", "cache-control": "no-store" },
    });
  });

const isOpen = (headers: Headers): boolean => process.env.ACCORD_METRICS_OPEN === "true" && bearerOf(headers) === null;
const nobody = (): Ctx => ({ db: store().db, actor: { kind: "worker", workerId: "metrics" }, now: Date.now() });

/** What the store tells; where it does not answer that is a figure as well, and the process still has its own. */
async function reportedBy(ctx: Ctx): Promise<Family[]> {
  const up = (value: number): Family => ({
    name: "accord_store_up",
    help: "1 while the store answers.",
    type: "gauge",
    samples: [{ labels: {}, value }],
  });
  try {
    return [up(1), ...(await once(ctx))];
  } catch (error) {
    log.warn({ fault: error }, "the store does not answer a scrape");
    return [up(0)];
  }
}

function once(ctx: Ctx): Promise<Family[]> {
  const key = JSON.stringify(zoneFilter(ctx.actor));
  const known = kept.get(key);
  if (known && ctx.now - known.at < KEPT_MS && ctx.now >= known.at) return known.families;
  const families = readMetrics(ctx);
  if (kept.size >= KEPT_MOST) kept.clear();
  kept.set(key, { at: ctx.now, families });
  families.catch(() => kept.delete(key));
  return families;
}
