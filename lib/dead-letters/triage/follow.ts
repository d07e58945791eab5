import type { Db } from "../../db/pool";
import { hours, type Instant } from "../../time";
import { minuteSeries } from "../group-rows";
import { growthPerMinute } from "../rules";
import { type StoredGroup, selectArrivals, selectGroup } from "../sql";
import { endingOf, recordEnding } from "./ending";
import { type Followed, nextStep, type Step } from "./follow.rules";
import { markBack, markLookedAt, markReady, selectLiveMarks, selectToFollow } from "./follow.sql";
import { type Triage, triageLimits, untouched } from "./rules";
import { insertGroupEvent, lockTriage, markState, type NewGroupEvent, selectTriage } from "./sql";
import { groupEventWords } from "./words";

const accord = { id: null, name: "Accord" };
// More than a consumer has releases between the beginning and the end of a wait.
const MARKS_MAX = 100;

/**
 * Follows what people said of groups: a wait that is over, a mute that is, what came back after it was resolved, what ended. Two workers at
 * once, or one that died on the way, do the same again and change nothing twice.
 */
export async function followGroups(db: Db, now: Instant = Date.now()): Promise<void> {
  for (const groupId of await selectToFollow(db, now, triageLimits, triageLimits.atOnce))
    await db.transaction((tx) => follow(tx, groupId, now));
}

async function follow(tx: Db, groupId: number, now: Instant): Promise<void> {
  await lockTriage(tx, groupId);
  const group = (await selectGroup(tx, groupId))!;
  const [one = untouched] = await selectTriage(tx, [groupId]);
  await markLookedAt(tx, groupId);
  const found = await followed(tx, group, one, now);
  const step = nextStep(found, now);
  if (step !== null) await take(tx, group, found, step, now);
}

async function followed(tx: Db, group: StoredGroup, one: Triage, now: Instant): Promise<Followed> {
  const { groupId, sourceId, consumer, openN, totalN, lastAt, versions } = group;
  const arrivals = minuteSeries(await selectArrivals(tx, [groupId], 60, now - hours(1)), now);
  const marks = await selectLiveMarks(tx, sourceId, consumer, MARKS_MAX);
  return { one, openN, totalN, lastAt, growingPerMinute: growthPerMinute(arrivals, group, now), versions, marks };
}

async function take(
  tx: Db,
  group: StoredGroup,
  { one, totalN, growingPerMinute }: Followed,
  step: Step,
  now: Instant,
): Promise<void> {
  const { groupId } = group;
  const tell = (kind: NewGroupEvent["kind"], text: NewGroupEvent["text"]) =>
    insertGroupEvent(tx, groupId, { kind, by: accord, at: now, text });
  switch (step.step) {
    case "regressed":
      await markBack(tx, groupId, now, one.stateByName);
      await tell("regressed", groupEventWords.regressed(one.stateByName ?? accord.name, one.stateAt, now));
      return;
    case "unmuted":
      await markBack(tx, groupId, now, null);
      await tell("unmuted", groupEventWords.unmuted(step.by, growingPerMinute));
      return;
    case "ready":
      await markReady(tx, groupId, now, step.version);
      await tell("ready", groupEventWords.ready(one.waitsFor!, step.version));
      return;
    case "grows":
    case "withdrawn":
      await markReady(tx, groupId, null, null);
      await tell("not_ready", step.step === "grows" ? groupEventWords.grows() : groupEventWords.withdrawn(one.readyVersion!));
      return;
    case "ended": {
      const ending = await endingOf(tx, group, { by: accord.name, reason: null, at: now });
      await markState(tx, groupId, one.stateN, { state: "resolved", reason: "" }, { by: accord.name, at: now, totalN });
      const n = await tell("ended", groupEventWords.ended(ending));
      await recordEnding(tx, group, { ...ending, n });
    }
  }
}
