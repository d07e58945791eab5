import type { Condition } from "../contracts/rules";
import type { Instant } from "../time";
import { evaluationsOf } from "./condition.rules";
import { after, clearMs, stepsOf } from "./life.rules";
import { alertLimits, type Life, type Reading } from "./rules";

export type Raised = { cause: string; raisedAt: Instant; clearedAt: Instant | null; value: number };
type Open = { life: Life; raised: Raised | null };

/**
 * Plays a condition over readings as the evaluation does, one after the other: what it would have raised, and of how many readings it could
 * not be told. Knows no silences and nothing that explains it, which change who is told and not what is raised.
 */
export function replayer(condition: Condition, windowMs: number) {
  const open = new Map<string, Open>();
  const raised: Raised[] = [];
  const over = new Map<string, Instant[]>();
  let unknownN = 0;
  let n = 0;
  return {
    push(reading: Reading): void {
      n += 1;
      const found = evaluationsOf(condition, reading, windowMs, new Set(open.keys()));
      if (found.length > 0 && found.every(({ holds }) => holds === null)) unknownN += 1;
      for (const { cause, holds, value } of found) {
        const { at } = reading;
        const before = open.get(cause) ?? null;
        const lately = (over.get(cause) ?? []).filter((ended) => ended >= at - alertLimits.flapsWithinMs);
        const rules = { forMs: condition.forMs, clearMs: clearMs(condition.forMs, lately.length), escalationMs: null };
        const steps = stepsOf(before?.life ?? null, holds, at, rules);
        const life = after(before?.life ?? null, steps, at, rules);
        let own = before?.raised ?? null;
        if (steps.some(({ step }) => step === "raised")) {
          own = { cause, raisedAt: at, clearedAt: null, value: value ?? 0 };
          raised.push(own);
        }
        if (steps.some(({ step }) => step === "cleared")) {
          own!.clearedAt = at;
          over.set(cause, [...lately, at]);
        }
        if (life === null) open.delete(cause);
        else open.set(cause, { life, raised: own });
      }
    },
    result: () => ({ raised, unknownN, n }),
  };
}
