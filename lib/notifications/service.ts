import type { Telling } from "../channels/rules";
import { replaceTelling } from "../channels/sql";
import type { Db } from "../db/pool";
import type { Instant } from "../time";
import { notificationLimits } from "./rules";
import { deleteOld, giveUpOthers } from "./sql";

/** Puts channels, routes and digests in force; what waits for a channel that is no more is given up. */
export async function applyTelling(tx: Db, telling: Telling): Promise<void> {
  await replaceTelling(tx, telling);
  await giveUpOthers(
    tx,
    telling.channels.map(({ name }) => name),
  );
}

/** Forgets what is past its use. */
export const forgetNotifications = (db: Db, now: Instant): Promise<void> => deleteOld(db, now - notificationLimits.keptMs);
