import type { Contract } from "../contracts/rules";
import { type Instant, minutes } from "../time";
import { isFresh, type SourceFacts, type Uncompared } from "../verdicts/rules";

/** How a rule of a zone goes, as far as a verdict asks. */
export type RuleStanding = {
  rule: string;
  ranAt: Instant | null;
  nextRunAt: Instant;
  error: string | null;
  errorSince: Instant | null;
};

// A run may take its time, and the next one its turn.
const OVERDUE_MS = minutes(5);
// What locks a table or takes long is mostly over by the next try.
const FAILING_MS = minutes(1);

const isOverdue = (ranAt: Instant, everyMs: number, now: Instant): boolean => now - ranAt > 2 * everyMs + OVERDUE_MS;

/**
 * A source with business tables only is seen by rules alone: that its database answers proves nothing of its rows. One whose rule has
 * not compared it, or not lately, counts as not seen, with the reason.
 */
export function vouchedByRules(
  sources: readonly SourceFacts[],
  tables: ReadonlySet<string>,
  contract: Contract,
  standing: readonly RuleStanding[],
  now: Instant,
): SourceFacts[] {
  return sources.map((source) => {
    if (!tables.has(source.sourceId)) return source;
    for (const { rule, everyMs, authority, projection } of contract.recovery.reconciliation) {
      if (![authority.sourceId, projection.sourceId].includes(source.sourceId)) continue;
      const problem = problemOf(
        standing.find((one) => one.rule === rule),
        rule,
        everyMs,
        now,
      );
      if (problem !== null) return { ...source, observedAt: null, error: source.error ?? problem };
    }
    return source;
  });
}

function problemOf(standing: RuleStanding | undefined, rule: string, everyMs: number, now: Instant): string | null {
  if (standing?.error) return standing.error;
  if (!standing || standing.ranAt === null) return `The rule ${rule} has not compared its tables yet.`;
  return isOverdue(standing.ranAt, everyMs, now) ? `The rule ${rule} has not compared its tables lately.` : null;
}

/**
 * Rules of a contract that compare nothing, for a minute or for two rounds and more: what they would find is not known, however well the
 * messages are seen. One that has just begun has its first turn; where a side is silent, that is the reason, and told as such.
 */
export function uncomparedRules(
  sources: readonly SourceFacts[],
  contract: Contract,
  standing: readonly RuleStanding[],
  now: Instant,
): Uncompared[] {
  return contract.recovery.reconciliation.flatMap(({ rule, everyMs, authority, projection }) => {
    const own = standing.find((one) => one.rule === rule);
    const sides = sources.filter(({ sourceId }) => sourceId === authority.sourceId || sourceId === projection.sourceId);
    if (!own || sides.some(({ observedAt }) => !isFresh(observedAt, now))) return [];
    if (own.error !== null && own.errorSince !== null && now - own.errorSince > FAILING_MS)
      return [{ rule, why: own.error, since: own.errorSince }];
    // One that never ran counts from a round before it was due.
    return isOverdue(own.ranAt ?? own.nextRunAt - everyMs, everyMs, now)
      ? [{ rule, why: own.error ?? "No run of it has ended since.", since: own.ranAt ?? own.nextRunAt }]
      : [];
  });
}
