import type { Contract } from "../contracts/rules";
import { type Instant, minutes } from "../time";
import type { SourceFacts, Uncompared } from "../verdicts/rules";

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
  return now - standing.ranAt > 2 * everyMs + OVERDUE_MS ? `The rule ${rule} has not compared its tables lately.` : null;
}

/**
 * Rules of a contract that compare nothing, for a minute or for two rounds and more: what they would find is not known, however well the
 * messages are seen. One that has just begun has its first turn.
 */
export function uncomparedRules(contract: Contract, standing: readonly RuleStanding[], now: Instant): Uncompared[] {
  return contract.recovery.reconciliation.flatMap(({ rule, everyMs }) => {
    const own = standing.find((one) => one.rule === rule);
    if (!own) return [];
    if (own.error !== null && own.errorSince !== null && now - own.errorSince > FAILING_MS)
      return [{ rule, why: own.error, since: own.errorSince }];
    const due = own.ranAt === null ? own.nextRunAt : own.ranAt + everyMs;
    return now - due > everyMs + OVERDUE_MS
      ? [{ rule, why: own.error ?? "No run of it has ended since.", since: own.ranAt ?? own.nextRunAt }]
      : [];
  });
}
