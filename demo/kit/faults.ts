/** What can be made to go wrong while the estate runs; demo/faults tells each one's story. */
export const faultNames = ["poison", "stopped-relay", "stopped-consumer", "source-away", "failing-compensation"] as const;

export type FaultName = (typeof faultNames)[number];

export type Faults = ReadonlySet<FaultName>;
