import { z } from "zod";
import { count, instant, sentence, textOrNull } from "./common";

const share = z.number().nullable();
/** How a promise stands over its period. Parts of one; null where nothing was judged, which is not all of it. */
const row = {
  basis: z.enum(["delivery", "comparison"]),
  target: share,
  periodMs: z.number(),
  keptN: count,
  missedN: count,
  converged: share,
  /** Below zero where more was used than there was. */
  budgetLeft: z.number().nullable(),
};
const day = z.strictObject({ at: instant, keptN: count, missedN: count });
const causes = z.array(z.strictObject({ title: sentence, href: z.string(), missedN: count, share: z.number() }));
/** A zone's promise: budget, burn, what used it up, and a year of days in UTC. */
export const objective = z.strictObject({
  ...row,
  now: instant,
  zoneId: z.string(),
  title: z.string(),
  owner: z.string(),
  windowMs: z.number(),
  from: instant,
  sentence,
  nines: z.number().nullable(),
  lateN: count,
  openN: count,
  by: z.strictObject({ fifth: z.number(), window: z.number(), double: z.number() }).nullable(),
  burns: z.array(z.strictObject({ spanMs: z.number(), n: count, missedN: count, burn: z.number().nullable() })),
  goneInMs: z.number().nullable(),
  causes,
  otherN: count,
  days: z.array(day),
  daysFrom: instant,
});
/** A month, zone by zone and owner by owner. */
export const report = z.strictObject({
  now: instant,
  month: z.string(),
  from: instant,
  to: instant,
  owner: textOrNull,
  owners: z.array(z.string()),
  sentence,
  byOwner: z.array(
    z.strictObject({
      owner: z.string(),
      zonesN: count,
      brokenN: count,
      keptN: count,
      missedN: count,
      converged: share,
    }),
  ),
  zones: z.array(
    z.strictObject({
      ...row,
      zoneId: z.string(),
      title: z.string(),
      owner: z.string(),
      windowMs: z.number(),
      nines: z.number().nullable(),
      lateN: count,
      daysN: count,
      missedDaysN: count,
      worst: day.nullable(),
      causes,
    }),
  ),
});
