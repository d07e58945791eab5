import fc from "fast-check";
import { expect, test } from "vitest";
import { type Route, weekdays } from "../channels/rules";
import { hours, type Instant, minutes } from "../time";
import { isWithin, wallClock } from "./hours.rules";
import { channelsFor } from "./routing.rules";

const utc = (text: string): Instant => Date.parse(`${text}Z`);

// The model knows no time zones: two rules of summer time, written out, and arithmetic on minutes.
const lastSunday = (year: number, month: number): Instant => {
  const last = Date.UTC(year, month + 1, 0);
  return last - new Date(last).getUTCDay() * hours(24);
};
const nthSunday = (year: number, month: number, nth: number): Instant => {
  const first = Date.UTC(year, month, 1);
  return first + (((7 - new Date(first).getUTCDay()) % 7) + 7 * (nth - 1)) * hours(24);
};
const offsets: Record<string, (at: Instant) => number> = {
  UTC: () => 0,
  "Europe/Berlin": (at) => {
    const year = new Date(at).getUTCFullYear();
    return at >= lastSunday(year, 2) + hours(1) && at < lastSunday(year, 9) + hours(1) ? 2 : 1;
  },
  "America/New_York": (at) => {
    const year = new Date(at).getUTCFullYear();
    return at >= nthSunday(year, 2, 2) + hours(7) && at < nthSunday(year, 10, 1) + hours(6) ? -4 : -5;
  },
};
const modelClock = (at: Instant, timeZone: string) => {
  const local = new Date(at + hours(offsets[timeZone]!(at)));
  return { day: (local.getUTCDay() + 6) % 7, minute: local.getUTCHours() * 60 + local.getUTCMinutes() };
};
const modelWithin = ({ days, hours: span, timeZone }: Pick<Route, "days" | "hours" | "timeZone">, at: Instant): boolean => {
  const { day, minute } = modelClock(at, timeZone);
  const on = (n: number) => days.length === 0 || days.includes(weekdays[n]!);
  if (span === null) return on(day);
  // The span of today, and that of yesterday which may go on into today.
  const length = (span.to - span.from + 1_440) % 1_440 || 1_440;
  return [day, (day + 6) % 7].some((begins, ago) => {
    const since = minute + ago * 1_440 - span.from;
    return on(begins) && since >= 0 && since < length;
  });
};

// Mostly in the days around a change, where an hour is missing or comes twice.
const changes = [2026, 2027].flatMap((year) => [
  lastSunday(year, 2),
  lastSunday(year, 9),
  nthSunday(year, 2, 2),
  nthSunday(year, 10, 1),
]);
const moment = fc
  .tuple(fc.constantFrom(...changes), fc.integer({ min: -3 * 24 * 60, max: 3 * 24 * 60 }))
  .map(([change, minute]) => change + minutes(minute));
const window = fc.record({
  days: fc.subarray([...weekdays]),
  hours: fc.option(
    fc
      .tuple(fc.integer({ min: 0, max: 1_439 }), fc.integer({ min: 1, max: 1_440 }))
      .filter(([from, to]) => from !== to)
      .map(([from, to]) => ({ from, to })),
  ),
  timeZone: fc.constantFrom(...Object.keys(offsets)),
});

test("days and hours are those of the clock on the wall, across every change to and from summer time", () => {
  fc.assert(
    fc.property(window, moment, (one, at) => isWithin(one, at) === modelWithin(one, at)),
    { numRuns: 3_000 },
  );
});

test("who is told, and told further, follows hours across summer time, as a simple model says", () => {
  const names = ["a", "b", "c", "d"];
  const route = fc.tuple(
    window,
    fc.subarray(names, { minLength: 1 }),
    fc.array(fc.subarray(names, { minLength: 1 }), { maxLength: 3 }),
  );
  const routeOf = ([one, to, escalate]: typeof route extends fc.Arbitrary<infer T> ? T : never): Route => ({
    ...{ ...one, to, escalate, zones: [], owners: [], severity: null },
  });
  const levels = fc.array(fc.integer({ min: 0, max: 120 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(fc.array(route.map(routeOf), { minLength: 1, maxLength: 4 }), moment, levels, (routes, raisedAt, gaps) => {
      let at = raisedAt;
      gaps.forEach((gap, level) => {
        at += minutes(level === 0 ? 0 : gap);
        const open = routes.filter((one) => modelWithin(one, at));
        const steps = open.filter(({ escalate }) => level > 0 && escalate.length > 0);
        const told =
          steps.length > 0
            ? steps.flatMap(({ escalate }) => escalate[level - 1] ?? escalate.at(-1)!)
            : open.flatMap(({ to }) => to);
        const of = { zoneId: "z", owner: "o", severity: "page" as const, notify: [] };
        expect(channelsFor(of, level, at, { routes, channels: names })).toEqual(names.filter((name) => told.includes(name)));
      });
    }),
    { numRuns: 1_000 },
  );
});

test("the hour that comes twice counts twice, and the one that is missing not at all", () => {
  const night = { days: [], hours: { from: 2 * 60, to: 3 * 60 }, timeZone: "Europe/Berlin" };
  const within = (day: string) =>
    Array.from({ length: 48 }, (_, i) => utc(`${day}T00:00:00`) - hours(2) + minutes(i * 30)).filter((at) => isWithin(night, at));
  expect(within("2026-03-29")).toEqual([]);
  expect(within("2026-10-25").length).toBe(4);
  expect(wallClock(utc("2026-03-29T01:30:00"), "Europe/Berlin")).toEqual({ day: "sun", minute: 210, date: "2026-03-29" });
});
