import type { Db } from "../db/pool";
import type { Instant } from "../time";
import { limits } from "../verdicts/rules";
import { selectUnseen } from "./silence.sql";

/**
 * What is silent now, as a text that becomes another when something falls silent or is seen again: looks, and judgements, of which the
 * last is too old to prove anything. No trigger tells of it, since silence is that nobody writes.
 */
export const silenceNow = async (db: Db, now: Instant): Promise<string> =>
  (await selectUnseen(db, now - limits.observationAgeMsMax)).map(({ name }) => name).join("\n");
