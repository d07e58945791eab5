/** What can be made to go wrong while the estate runs; demo/faults tells each one's story. */
export const faultNames = [
  "poison",
  "stopped-relay",
  "stopped-consumer",
  "source-away",
  "failing-compensation",
  "slow-consumer",
  "lost-events",
  "duplicated-events",
  "reordered-events",
  "silent-drift",
  "skewed-clock",
  "broken-schema-version",
  "refused-labels",
  "refused-mail",
  "renamed-field",
  "revoked-read",
] as const;

export type FaultName = (typeof faultNames)[number];

export type Faults = ReadonlySet<FaultName>;
