import { actorId, type Ctx } from "../context";
import type { Db } from "../db/pool";
import { Refusal } from "../refusal";
import { type Instant, minutes } from "../time";
import { countArrived, forgetForecasts as forgetBefore, selectForecast } from "./forecast.sql";
import type { ForecastView } from "./views";

const KEPT_MS = minutes(15);

/** What a worker foretells for a preview, as far as it is; for who asked for the preview alone. */
export async function readForecast(ctx: Ctx, { forecastId }: { forecastId: number }): Promise<ForecastView> {
  const stored = await selectForecast(ctx.db, forecastId, actorId(ctx.actor));
  if (!stored) throw new Refusal("not_found", "This preview is no longer kept: look at a new one.");
  const { state, lookedN, found, selection, lastLetter } = stored;
  return {
    now: ctx.now,
    forecastId: String(forecastId),
    state,
    lookedN,
    whole: found?.whole ?? false,
    outcomes: found?.outcomes ?? [],
    unasked: found?.unasked ?? [],
    arrivedN: await countArrived(ctx.db, selection, lastLetter, ctx.now),
  };
}

/** Forgets forecasts that nobody decides on any more. */
export const forgetForecasts = (db: Db, now: Instant): Promise<void> => forgetBefore(db, now - KEPT_MS);
