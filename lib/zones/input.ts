import { isStorable } from "../parsing";
import { Refusal } from "../refusal";
import { type ChartRange, chartRanges, type UnresolvedReason, unresolvedReasons } from "./rules";

const SLUG = /^[a-z0-9][a-z0-9-]{0,99}$/;

/** A zone's name from a URL. */
export function parseZoneId(input: Record<string, unknown>): { zoneId: string } {
  const { zoneId } = input;
  if (typeof zoneId !== "string" || !SLUG.test(zoneId))
    throw new Refusal("not_found", "There is no such zone, or it is not among yours.");
  return { zoneId };
}

/** A zone and the range of its charts; 30m when none is asked for. */
export function parseCharts(input: Record<string, unknown>): { zoneId: string; range: ChartRange } {
  const range = input.range ?? "30m";
  if (!chartRanges.includes(range as ChartRange))
    throw new Refusal("invalid", `range: write one of ${chartRanges.join(", ")}.`, { field: "range" });
  return { ...parseZoneId(input), range: range as ChartRange };
}

/** A page of a zone's open keys, of one reason if one is named. */
export function parseKeysPage(input: Record<string, unknown>): {
  zoneId: string;
  reason: UnresolvedReason | null;
  after: { place: number; key: string } | null;
} {
  const reason = input.reason ?? null;
  if (reason !== null && !unresolvedReasons.includes(reason as UnresolvedReason))
    throw new Refusal("invalid", `reason: write one of ${unresolvedReasons.join(", ")}.`, { field: "reason" });
  return { ...parseZoneId(input), reason: reason as UnresolvedReason | null, after: placeOf(input.after) };
}

function placeOf(after: unknown): { place: number; key: string } | null {
  if (after === undefined || after === null) return null;
  const place = typeof after === "string" ? /^(\d{1,16})-(.{0,200})$/su.exec(after) : null;
  if (!place || !isStorable(place[2]!)) throw new Refusal("invalid", "after: is not a place in this list.", { field: "after" });
  return { place: Number(place[1]), key: place[2]! };
}

/** A revision of a zone's contract. */
export function parseRevision(input: Record<string, unknown>): { zoneId: string; revision: number } {
  if (!/^[1-9]\d{0,8}$/.test(String(input.revision))) throw new Refusal("not_found", "This zone has no such revision.");
  return { ...parseZoneId(input), revision: Number(input.revision) };
}
