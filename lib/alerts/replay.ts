import type { Ctx } from "../context";
import { readContracts } from "../contracts/service";
import { noZone } from "../contracts/words";
import { canRead } from "../permissions";
import { days } from "../time";
import type { ReplayInput } from "./input";
import { replayer } from "./replay.rules";
import { alertLimits } from "./rules";
import { selectReadings } from "./sql";
import { RAISED_MAX, type ReplayView } from "./views";
import { conditionWords, figureWords } from "./words";

const SPAN_DAYS = 7;

/** When a condition would have been raised over the last seven days, from the readings that alerts were raised by. Changes nothing. */
export async function replayCondition(ctx: Ctx, { zone, condition }: ReplayInput): Promise<ReplayView> {
  const contract = (await readContracts(ctx.db)).find(({ zoneId }) => zoneId === zone);
  if (!contract || !canRead(ctx.actor, zone)) throw noZone();
  const { windowMs } = contract.expectation;
  const from = ctx.now - days(SPAN_DAYS);
  const play = replayer(condition, windowMs);
  // A day at a time: a week is some 60,000 readings.
  for (let day = 0; day < SPAN_DAYS; day++)
    for (const reading of await selectReadings(ctx.db, zone, from + days(day), from + days(day + 1))) play.push(reading);
  const { raised, unknownN, n } = play.result();
  return {
    now: ctx.now,
    words: conditionWords(condition, windowMs),
    from,
    to: ctx.now,
    seen: Math.min(1, (n * alertLimits.tickMs) / days(SPAN_DAYS)),
    unknown: n === 0 ? 0 : unknownN / n,
    raised: raised
      .slice(-RAISED_MAX)
      .toReversed()
      .map(({ value, ...one }) => ({ ...one, figure: figureWords(condition.metric, value) })),
    raisedN: raised.length,
  };
}
