import { visibleAlert } from "../alerts/listing";
import { selectAlertEvents } from "../alerts/read.sql";
import { alertRows } from "../alerts/rows";
import { selectSilences } from "../alerts/silence.sql";
import type { AlertView } from "../alerts/views";
import type { Ctx } from "../context";
import { bestRunbook } from "../contracts/runbooks.rules";
import { readContracts } from "../contracts/service";
import { selectSourceStatuses } from "../sources/read.sql";
import { plain } from "../words";
import { judgedZones } from "../zones/judged";
import { runbookRequests } from "../zones/runbook-requests";
import { zoneSentence } from "../zones/words";

const HISTORY_MAX = 300;

/** One alert: what it says, what happened to it, and what helps. A permanent link. */
export async function readAlert(ctx: Ctx, { alertId }: { alertId: number }): Promise<AlertView> {
  const stored = await visibleAlert(ctx, alertId);
  const [contracts, silences, events, zones, statuses] = await Promise.all([
    readContracts(ctx.db),
    selectSilences(ctx.db, ctx.now),
    selectAlertEvents(ctx.db, alertId, HISTORY_MAX),
    judgedZones(ctx),
    selectSourceStatuses(ctx.db),
  ]);
  const [one] = await alertRows(ctx, [stored], { contracts, silences });
  const zone = zones.find(({ zoneId }) => zoneId === stored.zoneId);
  const { accountability } = zone?.contract ?? {};
  return {
    now: ctx.now,
    one: one!,
    sentence: zone ? zoneSentence(zone, ctx.now) : [plain("The zone has no contract any more.")],
    runbook: zone
      ? (runbookRequests(zone.contract, zone, statuses, ctx.now).flatMap(
          (wanted) => bestRunbook(zone.contract, wanted) ?? [],
        )[0] ?? null)
      : null,
    owner: accountability?.owner ?? "",
    onCall: accountability?.onCall?.team ?? null,
    history: events.map(({ byId, byName, ...event }) => ({ ...event, by: byName, person: byId !== null })),
  };
}
