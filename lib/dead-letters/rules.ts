import type { ExportFormat } from "../audit/rules";
import { type Instant, minutes } from "../time";
import type { Query } from "./query.rules";

/** What the list of groups is narrowed to: what every query means, from where the page before ended. */
export type GroupFilter = { queries: Query[]; after: { openN: number; groupId: number } | null };

/** What a list of letters is narrowed to; `after` is the end of the page before. */
export type LetterFilter = { queries: Query[]; side: "open" | "closed"; after: { at: Instant; id: number } | null };

/** Letters as a file: which, as of now, and in which format. */
export type LetterExport = { queries: Query[]; side: "open" | "closed"; format: ExportFormat; key: string };

/** How many views a person may keep. */
export const SAVED_MAX = 50;

/** What a list shows, to be kept under a name: for oneself or for everybody, in the sidebar or not. */
export type SavedRequest = { name: string; search: string; shared: boolean; pinned: boolean; key: string };

/** What the open groups offer to filter by, with how many messages each value has. */
export type Facets = Record<"zone" | "consumer" | "event" | "error" | "version" | "source", { value: string; n: number }[]>;

/** What groups can be summed by. */
export const groupings = ["consumer", "event", "version", "zone"] as const;
export type Grouping = (typeof groupings)[number];

/** Which page of a group's messages; `after` is the end of the page before. */
export type MessagesPage = { groupId: number; key: string | null; after: { parkedAt: Instant; id: number } | null };

/** A group that got nothing for this long does not grow any more. */
const QUIET_MS = 30_000;

/**
 * How many messages a minute a group gets, from its minutes, the last of which has only begun: what came since the minute before the last,
 * or since the first message when that is later, over that time. At least a minute counts, so that one message is never many.
 */
export function growthPerMinute(
  arrivals: readonly { at: Instant; n: number }[],
  group: { firstAt: Instant; lastAt: Instant },
  now: Instant,
): number {
  if (now - group.lastAt > QUIET_MS) return 0;
  const lately = arrivals.slice(-3);
  const began = Math.max(lately.find(({ n }) => n > 0)?.at ?? now, group.firstAt);
  const sum = lately.reduce((all, { n }) => all + n, 0);
  return Math.round((sum * minutes(1)) / Math.max(minutes(1), now - began));
}

/** Whose payload is asked for as its source has it. */
export type PayloadRequest = { id: number };
/** Whose masked values are asked for, and why. */
export type RevealRequest = { id: number; reason: string; key: string };
