import type { Db } from "../db/pool";
import { consumerFlows } from "../lag/service";
import type { Instant } from "../time";
import { selectComing } from "./causes.sql";
import { throughputOf, type WaitingCause } from "./rules";

type Waiting = WaitingCause & { zoneId: string };

/** Says of consumers that owe something how they keep up. */
export async function withThroughput(db: Db, waiting: readonly Waiting[], now: Instant): Promise<Waiting[]> {
  const owing = waiting.filter(({ reason }) => reason === "undelivered");
  const flows = await consumerFlows(db, owing, now);
  const coming = await selectComing(db, owing, flows[0]?.from ?? now);
  return waiting.map((cause) => {
    const flow = flows[owing.indexOf(cause)];
    if (!flow) return cause;
    const rest = coming.find((one) => one.zoneId === cause.zoneId && one.consumer === cause.consumer);
    return { ...cause, throughput: throughputOf(flow, rest ?? { youngN: 0, holdsNewer: false }, now) };
  });
}
