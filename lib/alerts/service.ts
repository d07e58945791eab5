import type { Db } from "../db/pool";
import { days, type Instant } from "../time";
import { alertLimits } from "./rules";
import { deleteOldAlerts, deleteOldReadings } from "./sql";

/** Forgets readings that no replay reaches back to, and alerts that ended long ago. */
export async function forgetAlerts(db: Db, now: Instant): Promise<void> {
  await deleteOldReadings(db, now - alertLimits.readingsKeptMs);
  await deleteOldAlerts(db, now - days(400));
}
