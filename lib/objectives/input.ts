import { z } from "zod";
import { isStorable, NOT_STORABLE, type Parser, parserOf } from "../parsing";
import type { Instant } from "../time";

/** A month of UTC. */
export type Month = { name: string; from: Instant; to: Instant };

const month = z.string().regex(/^20\d\d-(0[1-9]|1[0-2])$/, "write a month such as 2026-11");

/** A month, the present one when none is named; and whose zones, all when nobody is named. */
export const parseReport: Parser<{ month: Month | null; owner: string | null }> = parserOf(
  z.object({ month: month.optional(), owner: z.string().min(1).max(200).refine(isStorable, NOT_STORABLE).optional() }),
  ({ month, owner }) => ({ month: month === undefined ? null : monthNamed(month), owner: owner ?? null }),
);

function monthNamed(name: string): Month {
  const [year, nth] = name.split("-").map(Number) as [number, number];
  return { name, from: Date.UTC(year, nth - 1), to: Date.UTC(year, nth) };
}
