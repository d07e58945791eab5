import type { Route } from "../channels/rules";
import type { Instant } from "../time";
import { isWithin } from "./hours.rules";

/** What decides whom an alert is told to. `notify`: the channels that the contract names for its condition. */
export type Addressed = { zoneId: string; owner: string; severity: "page" | "ticket"; notify: readonly string[] };

const isFor = (route: Route, { zoneId, owner, severity }: Addressed, at: Instant): boolean =>
  (route.zones.length === 0 || route.zones.includes(zoneId)) &&
  (route.owners.length === 0 || route.owners.includes(owner)) &&
  (route.severity === null || route.severity === severity) &&
  isWithin(route, at);

/**
 * The channels that an alert is told to at a level, in the order of their file: 0 when it is raised, n when nobody took it n times. Every
 * route that matches counts at that moment. At first the contract's own channels come instead of the routes; without any route, and where
 * no step says more, everybody is told again who was.
 */
export function channelsFor(
  addressed: Addressed,
  level: number,
  at: Instant,
  { routes, channels }: { routes: readonly Route[]; channels: readonly string[] },
): string[] {
  const matching = routes.filter((route) => isFor(route, addressed, at));
  const further = level === 0 ? [] : matching.flatMap(({ escalate }) => escalate[Math.min(level, escalate.length) - 1] ?? []);
  const named = addressed.notify.filter((name) => channels.includes(name));
  const first = named.length > 0 ? named : routes.length === 0 ? channels : matching.flatMap(({ to }) => to);
  const told = new Set(further.length > 0 ? further : first);
  return channels.filter((name) => told.has(name));
}

/** A step of an alert that is due to be told. `level`: how often the alert had been told further by then. */
export type DueStep = {
  n: number;
  kind: "raised" | "escalated" | "acknowledged" | "cleared";
  at: Instant;
  level: number;
  held: "silenced" | "inhibited" | null;
};

/** How an alert stands, and which channels were told that it was raised. */
export type Stand = { cleared: boolean; silenced: boolean; inhibited: boolean; told: readonly string[] };

export type Decided = { n: number } & (
  | { act: "tell"; channels: string[] }
  | { act: "hold"; why: "silenced" | "inhibited" }
  | { act: "drop" }
);

const raises = ({ kind }: DueStep): boolean => kind === "raised" || kind === "escalated";

/**
 * What becomes of the due steps of one alert, in their order. While it is silenced, or the consequence of another, they wait; afterwards what
 * still stands is told once, with its latest step; what ended meanwhile and was never told is told to nobody. That somebody took it, and
 * that it ended, is told to those who know of it.
 */
export function decide(steps: readonly DueStep[], stand: Stand, channelsAt: (level: number) => readonly string[]): Decided[] {
  const { cleared, silenced, told } = stand;
  const inhibited = stand.inhibited && !cleared;
  const wasHeld = steps.some(({ held }) => held !== null);
  if (cleared && told.length === 0 && (wasHeld || silenced)) return steps.map(({ n }) => ({ n, act: "drop" }));
  if (silenced || inhibited) return steps.map(({ n }) => ({ n, act: "hold", why: silenced ? "silenced" : "inhibited" }));
  const latest = steps.findLast(raises)?.n;
  const knowing = new Set(told);
  return steps.map((step): Decided => {
    const { n, level } = step;
    if (!raises(step)) return knowing.size === 0 ? { n, act: "drop" } : { n, act: "tell", channels: [...knowing] };
    if (wasHeld && (n !== latest || cleared)) return { n, act: "drop" };
    const levels = wasHeld ? Array.from({ length: level + 1 }, (_, i) => i) : [level];
    const channels = [...new Set(levels.flatMap((one) => channelsAt(one)))];
    for (const name of channels) knowing.add(name);
    return channels.length === 0 ? { n, act: "drop" } : { n, act: "tell", channels };
  });
}
