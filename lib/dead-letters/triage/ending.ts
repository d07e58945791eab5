import type { Db } from "../../db/pool";
import type { Instant } from "../../time";
import type { StoredGroup } from "../sql";
import { insertEnding, selectEpisode } from "./ending.sql";
import { selectLiveMarks } from "./follow.sql";
import type { Ending } from "./rules";

type Ended = { by: string; reason: string | null; at: Instant };

/** With what a failure ends now: how many were processed, by which operation, on which version of its consumer. */
export async function endingOf(tx: Db, group: StoredGroup, { by, reason, at }: Ended): Promise<Omit<Ending, "n">> {
  const episode = await selectEpisode(tx, group.groupId);
  const [live] = await selectLiveMarks(tx, group.sourceId, group.consumer, 1);
  return { ...episode, groupId: group.groupId, endedAt: at, byName: by, reason, version: live?.version ?? null };
}

/** Keeps with what a failure ended, for when it is seen again; `n` is the event that says so. */
export function recordEnding(tx: Db, { sourceId, consumer, frame }: StoredGroup, ending: Ending): Promise<void> {
  return insertEnding(tx, { ...ending, sourceId, consumer, frame });
}
