import type { Instant } from "../../time";

/** Which messages of a group are split off: those of which all that is not null holds. `path` is written as in a query, `payload.customer.id`. */
export type SplitRule = {
  says: string | null;
  version: string | null;
  key: string | null;
  path: string | null;
  value: string | null;
};

export const regroupLimits = {
  /** Merged at once. */
  groupsMost: 50,
  textMost: 200,
  /** Looked at for whether something that is shown says the text of a rule. */
  shownMost: 50,
  /** Moved in one transaction: the observer of the source waits for it. */
  movedAtOnce: 5_000,
  /** Transactions of one route in a round of the worker. */
  roundsMost: 40,
} as const;

/** A merge (no rule) or a split, while it holds or after it was undone. */
export type Route = {
  routeId: number;
  sourceId: string;
  fromId: number;
  toId: number;
  rule: SplitRule | null;
  madeAt: Instant;
  madeByName: string;
  endedAt: Instant | null;
  endedByName: string | null;
  movedN: number;
  settledAt: Instant | null;
};

/** What is known of a group before it is merged or split: whose it is, and what was said of where its messages belong. */
export type Placed = {
  groupId: number;
  sourceId: string;
  consumer: string;
  eventType: string;
  openN: number;
  resolved: boolean;
  routes: readonly Route[];
};

const holds = (route: Route): boolean => route.endedAt === null;

/** The merge that led a group's messages elsewhere; undefined while it stands for itself. */
export const mergedAway = ({ groupId, routes }: Placed): Route | undefined =>
  routes.find((route) => holds(route) && route.rule === null && route.fromId === groupId);
/** The rule by which a group was split off another one. */
export const splitOff = ({ groupId, routes }: Placed): Route | undefined =>
  routes.find((route) => holds(route) && route.rule !== null && route.toId === groupId);
const leads = ({ groupId, routes }: Placed): boolean =>
  routes.some((route) => holds(route) && route.rule === null && route.toId === groupId);
const hasSplits = ({ groupId, routes }: Placed): boolean =>
  routes.some((route) => holds(route) && route.rule !== null && route.fromId === groupId);

/** Where the messages of a group are now, when not with it: where it was merged into, or what it was split off before that was undone. */
export function ledTo(groupId: number, routes: readonly Route[]): Route | undefined {
  const merged = routes.find((route) => holds(route) && route.rule === null && route.fromId === groupId);
  return merged ?? routes.find((route) => !holds(route) && route.rule !== null && route.toId === groupId);
}

/**
 * Why a group cannot take another one in; null when it can. Messages of a group have one consumer and one event, by which they are permitted,
 * masked and sent. What was put together or apart once is not moved on as a whole, so that each undo brings back just what it moved.
 */
export function mergeWrong(into: Placed, other: Placed): string | null {
  const name = `Group ${other.groupId}`;
  if (other.groupId === into.groupId) return "A group cannot be merged into itself.";
  if (other.sourceId !== into.sourceId || other.consumer !== into.consumer || other.eventType !== into.eventType)
    return `Only groups of one consumer and one event are merged: group ${other.groupId} is ${other.eventType} at ${other.consumer}.`;
  const away = mergedAway(other);
  if (away) return `${away.madeByName} was first: group ${other.groupId} is merged into group ${away.toId}.`;
  if (splitOff(other)) return `${name} is split off by a rule: undo the split instead.`;
  if (leads(other)) return `${name} has others merged into it: merge into it, or undo that first.`;
  if (hasSplits(other)) return `${name} has parts split off: undo that first.`;
  if (into.resolved && other.openN > 0)
    return `Group ${into.groupId} is resolved: put it back to new before it takes messages in.`;
  return null;
}

/** Why nothing can be merged into a group, or split off it; null when it can. */
export function standsWrong(one: Placed, act: "merged into" | "split off"): string | null {
  const away = mergedAway(one);
  if (away) return `${away.madeByName} merged group ${one.groupId} into group ${away.toId}: go there.`;
  const off = splitOff(one);
  return off ? `Nothing is ${act} a part that was split off: take group ${off.fromId}, or undo the split.` : null;
}
