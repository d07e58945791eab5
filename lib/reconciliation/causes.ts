import type { Contract } from "../contracts/rules";
import { type Kind, kinds } from "../facts/rules";
import type { OpenCount } from "./read.sql";
import type { RuleRow } from "./rule.sql";
import type { DivergenceCause } from "./rules";

/** What each zone's rules have open, as facts for its verdict and causes; a rule that has nothing open is left out. */
export function divergenceCauses(
  contracts: readonly Contract[],
  sources: readonly { sourceId: string; service: string }[],
  counts: readonly OpenCount[],
  rules: readonly RuleRow[],
): Map<string, DivergenceCause[]> {
  const serviceOf = (sourceId: string) => sources.find((source) => source.sourceId === sourceId)?.service ?? sourceId;
  return new Map(
    contracts.map(({ zoneId, recovery }) => [
      zoneId,
      recovery.reconciliation.flatMap((contract): DivergenceCause[] => {
        const { rule } = contract;
        const open = counts.filter((count) => count.zoneId === zoneId && count.rule === rule);
        const row = rules.find((one) => one.zoneId === zoneId && one.rule === rule);
        const first = [...open].sort((a, b) => a.oldest - b.oldest || (a.oldestKey < b.oldestKey ? -1 : 1))[0];
        if (!first) return [];
        const sum = (of: (count: (typeof open)[number]) => number) => open.reduce((total, count) => total + of(count), 0);
        const ofKind = (kind: Kind) => sum((count) => (count.kind === kind ? count.n : 0));
        return [
          {
            rule,
            authority: serviceOf(contract.authority.sourceId),
            projection: serviceOf(contract.projection.sourceId),
            repair: contract.repair,
            openN: sum((count) => count.n),
            byKind: Object.fromEntries(kinds.map((kind) => [kind, ofKind(kind)])) as Record<Kind, number>,
            keysN: sum((count) => count.ownN),
            lagN: sum((count) => count.lagN),
            oldest: first.oldest,
            oldestKey: first.oldestKey,
            mass:
              row && row.bulkSince !== null
                ? { since: row.bulkSince, n: row.bulkN ?? 0, ofN: Math.max(row.authorityN ?? 0, row.projectionN ?? 0) }
                : null,
          },
        ];
      }),
    ]),
  );
}
