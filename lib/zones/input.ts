import { z } from "zod";
import { type ExportFormat, exportFormats } from "../audit/rules";
import { type UnresolvedReason, unresolvedReasons } from "../facts/rules";
import { isStorable, NOT_STORABLE, type Parser, parserOf } from "../parsing";
import { type Range, rangeLimits, rangeOf } from "../range";
import { Refusal } from "../refusal";
import { placeShape } from "../timeline/input";
import type { Place } from "../timeline/rules";

const SLUG = /^[a-z0-9][a-z0-9-]{0,99}$/;
const zone = { zoneId: z.string() };
const oneOf = <T extends string>(values: readonly T[]) => z.enum(values, `write one of ${values.join(", ")}`);

/** A zone's name from a URL. */
export const parseZoneId: Parser<{ zoneId: string }> = parserOf(z.object(zone), ({ zoneId }) => {
  if (!SLUG.test(zoneId)) throw new Refusal("not_found", "There is no such zone, or it is not among yours.");
  return { zoneId };
});

/** A range of time, as links have it. */
const rangeShape = z
  .string()
  .max(40)
  .refine(
    (text) => rangeOf(text) !== null,
    "write a span such as 30m, 6h or 400d, or two instants in milliseconds with a dash between; at least a minute, at most 400 days",
  );

/** A zone and the range of its charts; 30m when none is asked for. */
export const parseCharts: Parser<{ zoneId: string; range: Range }> = parserOf(
  z.object({ ...zone, range: rangeShape.default("30m") }),
  ({ range, ...rest }) => ({ ...parseZoneId(rest), range: rangeOf(range)! }),
);

/** The zones that the actor sees, over a range of a week at most. */
export const parseTrends: Parser<{ range: Range }> = parserOf(
  z.object({
    range: rangeShape
      .default("1h")
      .refine(
        (text) => (rangeOf(text)?.spanMs ?? 0) <= rangeLimits.allZonesMostMs,
        "is more than a week, for all zones at once; a zone's own charts show up to 400 days",
      ),
  }),
  ({ range }) => ({ range: rangeOf(range)! }),
);

/** A source and the range of its chart. */
export const parseSourceLag: Parser<{ sourceId: string; range: Range }> = parserOf(
  z.object({ sourceId: z.string().min(1).max(200).refine(isStorable, NOT_STORABLE), range: rangeShape.default("6h") }),
  ({ sourceId, range }) => ({ sourceId, range: rangeOf(range)! }),
);

/** A page of a zone's open keys, of one reason if one is named. */
export const parseKeysPage: Parser<{
  zoneId: string;
  reason: UnresolvedReason | null;
  after: { place: number; key: string } | null;
}> = parserOf(
  z.object({ ...zone, reason: oneOf(unresolvedReasons).optional(), after: z.string().max(300).optional() }),
  ({ reason = null, after, ...rest }) => ({ ...parseZoneId(rest), reason, after: after === undefined ? null : placeOf(after) }),
);

function placeOf(after: string): { place: number; key: string } {
  const place = /^(\d{1,16})-(.{0,200})$/su.exec(after);
  if (!place || !isStorable(place[2]!)) throw new Refusal("invalid", "after: is not a place in this list.", { field: "after" });
  return { place: Number(place[1]), key: place[2]! };
}

/** A zone of which the undelivered messages are exported, and how. */
export const parseUndeliveredExport: Parser<{ zoneId: string; format: ExportFormat; key: string }> = parserOf(
  z.object({ ...zone, format: oneOf(exportFormats).default("csv"), key: z.string() }),
  ({ format, key, ...rest }) => ({ ...parseZoneId(rest), format, key }),
);

/** A zone, and where its activity goes on. */
export const parseActivity: Parser<{ zoneId: string; before: Place | null }> = parserOf(
  z.object({ ...zone, before: placeShape.optional() }),
  ({ before, ...rest }) => ({ ...parseZoneId(rest), before: before ?? null }),
);

/** A revision of a zone's contract. */
export const parseRevision: Parser<{ zoneId: string; revision: number }> = parserOf(
  z.object({ ...zone, revision: z.string() }),
  ({ revision, ...rest }) => {
    if (!/^[1-9]\d{0,8}$/.test(revision)) throw new Refusal("not_found", "This zone has no such revision.");
    return { ...parseZoneId(rest), revision: Number(revision) };
  },
);
