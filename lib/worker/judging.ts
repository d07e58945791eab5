import { alone, changesSeen } from "../leases/service";
import { seconds } from "../time";
import { nothingFound } from "../zones/found";
import { judgeZones } from "../zones/judge";
import type { Task } from "./clock";
import type { Work } from "./work";

const limits = {
  /** Ages grow and silence lasts without anybody telling. */
  everyMs: seconds(2),
  /** Polls come at any time of this task; without a nudge what they find would wait for the next one on top of its own. */
  nudgedMs: 500,
  /** Of the time at most, however much is found. */
  share: 0.25,
} as const;

/** Judges every two seconds, and soon after a poll that found something. One worker at a time does; the others ask one small question. */
export function judging({ db, workerId }: Pick<Work, "db" | "workerId">): Task {
  let begunAt = Number.NEGATIVE_INFINITY;
  let tookMs = 0;
  let known = -1;
  const found = nothingFound();
  const run = async () => {
    const sinceMs = performance.now() - begunAt;
    if (sinceMs < tookMs / limits.share) return;
    const changes = await changesSeen(db);
    if (changes === known && sinceMs < limits.everyMs) return;
    begunAt = performance.now();
    await alone(db, "judge", workerId, seconds(6), () => judgeZones(db, Date.now(), found));
    // Only what was judged to its end is known: after a failure the next try is not put off.
    known = changes;
    tookMs = performance.now() - begunAt;
  };
  return { name: "judge", everyMs: limits.nudgedMs, run };
}
