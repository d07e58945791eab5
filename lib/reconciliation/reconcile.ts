import type { Contract, ReconciliationContract } from "../contracts/rules";
import type { Db } from "../db/pool";
import { lockZones, refreshOpenKeys } from "../facts/sql";
import { releaseLease, takeLease } from "../leases/sql";
import { Fenced } from "../sources/failures.rules";
import type { Source } from "../sources/source";
import { days, type Instant } from "../time";
import { recheckDue } from "./recheck";
import { deleteResolvedBefore } from "./record.sql";
import { endGoneRules, markDescribed, markFailed, type RuleId, selectDueRules, selectGoneZones, upsertRules } from "./rule.sql";
import { limits } from "./rules";
import { beginRun, leaseName, type Reconciler, type RunnableRule } from "./run";
import { scanDue } from "./scan";
import { troubleWords } from "./trouble-words";

export type { Reconciler, RunnableRule } from "./run";

/** Gives the store the rules of the contracts in force: what a rule that is gone had found ends with it. Done again it changes nothing. */
export async function followRules(db: Db, contracts: readonly Contract[], now: Instant): Promise<void> {
  const rules = contracts.flatMap((contract) =>
    contract.recovery.reconciliation.map((rule) => ({
      zoneId: contract.zoneId,
      rule: rule.rule,
      everyMs: rule.everyMs,
      contractHash: contractHashOf(rule, contract),
    })),
  );
  await db.transaction(async (tx) => {
    await lockZones(tx, await selectGoneZones(tx, rules));
    await refreshOpenKeys(tx, await endGoneRules(tx, rules, now));
    await upsertRules(tx, rules, now);
  });
}

/** What a rule compares, without how often: another definition makes another run. */
function contractHashOf({ authority, projection, map, tolerance }: ReconciliationContract, { masking }: Contract): string {
  return JSON.stringify([authority, projection, map, tolerance, masking]);
}

/** The rules whose two sources this worker can reach. */
export function runnableRules(contracts: readonly Contract[], sources: ReadonlyMap<string, Source>): RunnableRule[] {
  return contracts.flatMap((contract) =>
    contract.recovery.reconciliation.flatMap((rule): RunnableRule[] => {
      const [authority, projection] = [sources.get(rule.authority.sourceId), sources.get(rule.projection.sourceId)];
      if (!authority || !projection) return [];
      return [
        {
          zoneId: contract.zoneId,
          rule: rule.rule,
          contract: rule,
          windowMs: contract.expectation.windowMs,
          masking: contract.masking,
          authority,
          projection,
        },
      ];
    }),
  );
}

/** Rules that have something to do now, the one that waits longest first. */
export const dueRules = (db: Db, now: Instant): Promise<RuleId[]> => selectDueRules(db, now);

/**
 * Gives one rule its run, if this worker gets its lease: looks again at the keys that are due, then goes on with the run that is. A side
 * that cannot be read is recorded with its reason and tried again later; nothing is thrown for it.
 */
export async function reconcileRule(
  reconciler: Reconciler,
  rule: RunnableRule,
  signal?: AbortSignal,
): Promise<"done" | "more" | "held elsewhere" | "failed"> {
  const { db, workerId } = reconciler;
  const name = leaseName(rule);
  const held = await takeLease(db, name, workerId, limits.leaseMs);
  if (!held) return "held elsewhere";
  try {
    const { run, notes } = await beginRun(reconciler, rule, { name, ...held });
    await markDescribed(db, rule, notes);
    await recheckDue(run, signal);
    return await scanDue(run, signal);
  } catch (error) {
    if (error instanceof Fenced) return "held elsewhere";
    const words = troubleWords(error);
    if (words === null) throw error;
    await markFailed(db, rule, words, Math.min(limits.retryMs, rule.contract.everyMs), held.now);
    return "failed";
  } finally {
    await releaseLease(db, name, workerId);
  }
}

/** Forgets what was resolved long ago. */
export async function forgetDivergences(db: Db, now: Instant): Promise<void> {
  await deleteResolvedBefore(db, now - days(limits.keepResolvedDays));
}
