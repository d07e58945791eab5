/** What is known of a rule's last run, as its row keeps it; nulls before the first. */
export type RanRule = {
  ranAt: number | null;
  projectionN: number | null;
  matchedN: number | null;
  coverage: number | null;
  error: string | null;
  bulkN: number | null;
};

/** What the rules in view compared at their last runs: rows of projections, and how many of them agreed. */
export type Compared = {
  rulesN: number;
  /** Rules that never ran to their end, or cannot run now: they tell nothing. */
  silentN: number;
  /** Stopped because more differs than is read key by key. */
  stoppedN: number;
  rowsN: number;
  matchedN: number;
  /** Rules that did not reach every key at their last run. */
  partlyN: number;
};

/** Sums up what rules compared. */
export function comparedOf(rules: readonly RanRule[]): Compared {
  const told = rules.filter((rule) => rule.ranAt !== null && rule.error === null);
  const sum = (of: (rule: RanRule) => number | null) => told.reduce((all, rule) => all + (of(rule) ?? 0), 0);
  return {
    rulesN: rules.length,
    silentN: rules.length - told.length,
    stoppedN: rules.filter(({ bulkN }) => bulkN !== null).length,
    rowsN: sum(({ projectionN }) => projectionN),
    matchedN: sum(({ matchedN }) => matchedN),
    partlyN: told.filter(({ coverage }) => coverage !== null && coverage < 1).length,
  };
}

/** Whether what is known amounts to agreement: everything was compared, and nothing differs or is still being looked at. */
export function isAgreed({ compared, openN, candidatesN }: { compared: Compared; openN: number; candidatesN: number }): boolean {
  const { rulesN, silentN, stoppedN, partlyN, rowsN, matchedN } = compared;
  return openN + candidatesN === 0 && rulesN > 0 && silentN + stoppedN + partlyN === 0 && matchedN === rowsN;
}
