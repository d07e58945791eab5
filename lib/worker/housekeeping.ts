import { forgetAlerts } from "../alerts/service";
import { forgetKeys } from "../audit/service";
import type { Db } from "../db/pool";
import { forgetLooks } from "../dead-letters/looks";
import { forgetPayloads } from "../dead-letters/retention";
import { forgetArrivals } from "../dead-letters/service";
import { keepPartitions } from "../leases/service";
import { forgetNotifications } from "../notifications/service";
import { forgetObjectives } from "../objectives/figures";
import { forgetObserved } from "../observation/service";
import { forgetForecasts } from "../operations/forecast";
import { sweepSessions } from "../operators/sessions/service";
import { forgetDivergences } from "../reconciliation/reconcile";
import { forgetSagas } from "../sagas/record";
import type { Instant } from "../time";
import { sweepTokens } from "../tokens/service";
import { forgetVerdicts } from "../zones/judge";

/** Makes room: next partitions made and expired ones dropped, and every noun forgets what is past its use. Done again it does nothing. */
export async function keepHouse(db: Db, now: Instant): Promise<void> {
  await keepPartitions(db);
  for (const forget of [
    forgetObserved,
    forgetObjectives,
    forgetSagas,
    forgetDivergences,
    forgetArrivals,
    forgetPayloads,
    forgetLooks,
    forgetVerdicts,
    forgetKeys,
    forgetAlerts,
    forgetForecasts,
    forgetNotifications,
  ])
    await forget(db, now);
  await sweepSessions(db, now);
  await sweepTokens(db, now);
}
