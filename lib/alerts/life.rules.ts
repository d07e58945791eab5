import type { Instant } from "../time";
import { alertLimits, type Life, type Step } from "./rules";

/** How long a condition must not hold before its alert is cleared: longer the more often it came back lately. */
export function clearMs(forMs: number, flapsN: number): number {
  const least = Math.max(alertLimits.clearMsMin, Math.min(forMs, alertLimits.clearMsMax));
  return Math.min(least * 2 ** Math.min(flapsN, 10), Math.max(least, alertLimits.clearMsMax));
}

export type Rules = { forMs: number; clearMs: number; escalationMs: number | null };

/**
 * What a tick makes of an alert, or of none: pending while its condition holds for less than it must, raised, told further while nobody
 * takes it, cleared after it was quiet for long enough. Unknown neither raises nor clears.
 */
export function stepsOf(life: Life | null, holds: boolean | null, now: Instant, rules: Rules): Step[] {
  if (life === null)
    return holds === true ? [{ step: "pending" }, ...(rules.forMs === 0 ? [{ step: "raised" } as const] : [])] : [];
  if (life.state === "pending") {
    if (holds === false) return [{ step: "dropped" }];
    return holds === true && now - life.since >= rules.forMs ? [{ step: "raised" }] : [];
  }
  return [...quietSteps(life, holds, now, rules), ...escalations(life, now)];
}

function quietSteps({ quietSince }: Life, holds: boolean | null, now: Instant, rules: Rules): Step[] {
  if (holds !== false) return quietSince === null ? [] : [{ step: "quiet", since: null }];
  if (quietSince === null) return [{ step: "quiet", since: now }];
  return now - quietSince >= rules.clearMs ? [{ step: "cleared" }] : [];
}

// What has become quiet calls nobody further.
function escalations({ state, level, escalateAt, quietSince }: Life, now: Instant): Step[] {
  const due = state === "raised" && quietSince === null && escalateAt !== null && escalateAt <= now;
  return due && level < alertLimits.escalationsMax ? [{ step: "escalated", level: level + 1 }] : [];
}

/** The alert after the steps; null when there is none any more. */
export function after(life: Life | null, steps: readonly Step[], now: Instant, { escalationMs }: Rules): Life | null {
  let next = life;
  for (const step of steps) next = afterOne(next, step, now, escalationMs);
  return next;
}

const nextEscalation = (now: Instant, escalationMs: number | null): Instant | null =>
  escalationMs === null ? null : now + escalationMs;

function afterOne(life: Life | null, step: Step, now: Instant, escalationMs: number | null): Life | null {
  const one = life ?? { state: "pending", since: now, raisedAt: null, quietSince: null, level: 0, escalateAt: null };
  switch (step.step) {
    case "pending":
      return one;
    case "raised":
      return { ...one, state: "raised", raisedAt: now, escalateAt: nextEscalation(now, escalationMs) };
    case "escalated":
      return { ...one, level: step.level, escalateAt: nextEscalation(now, escalationMs) };
    case "quiet":
      return { ...one, quietSince: step.since };
    case "cleared":
    case "dropped":
      return null;
  }
}
