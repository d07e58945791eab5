import { type Instant, minutes, seconds } from "../time";
import { type Verdict, verdictCodes } from "../verdicts/rules";

export const limits = {
  /** What it was like before, to see what changed. */
  beforeMs: minutes(1),
  /** What comes later is less and less of the operation's making. */
  afterMs: minutes(5),
  /** Points of a small chart. */
  pointsMax: 120,
  /** Zones that are shown; the others by name. */
  zonesMax: 3,
} as const;

/** The span that an operation's effect is looked for in; `over`: it lies behind. */
export function effectSpan(
  { begunAt, endedAt }: { begunAt: Instant; endedAt: Instant | null },
  now: Instant,
): { from: Instant; to: Instant; over: boolean } {
  const last = endedAt === null ? now : endedAt + limits.afterMs;
  return { from: begunAt - limits.beforeMs, to: Math.min(now, last), over: last < now };
}

/** A zone in one step: how many keys were unresolved at most, and how old the oldest was; null: nothing was. */
export type EffectPoint = { keysN: number; oldestMs: number | null };

type Sample = { at: Instant; verdict: number; keysN: number | null; oldestMs: number | null };

/**
 * The steps of a span as its samples say: the most of each, null where nobody judged. A zone that was not seen has none either, unless
 * something of it is watched or compared by nobody (`unvouched`), which makes it unknown however well it is seen.
 */
export function effectPoints(
  samples: readonly Sample[],
  { from, to, stepMs }: { from: Instant; to: Instant; stepMs: number },
  unvouched: boolean,
): (EffectPoint | null)[] {
  const points: (EffectPoint | null)[] = Array.from({ length: Math.max(1, Math.ceil((to - from) / stepMs)) }, () => null);
  for (const { at, verdict, keysN, oldestMs } of samples) {
    const i = Math.floor((at - from) / stepMs);
    if (i < 0 || i >= points.length || keysN === null || (verdict === verdictCodes.unknown && !unvouched)) continue;
    const before = points[i];
    const ages = [before?.oldestMs, oldestMs].filter((age) => typeof age === "number");
    points[i] = { keysN: Math.max(before?.keysN ?? 0, keysN), oldestMs: ages.length === 0 ? null : Math.max(...ages) };
  }
  return points;
}

/** What it was like when the operation began: in the step it began in, or the last one before that has anything. */
export const pointAtBegin = (
  points: readonly (EffectPoint | null)[],
  { from, stepMs, begunAt }: { from: Instant; stepMs: number; begunAt: Instant },
): EffectPoint | null => points.slice(0, Math.floor((begunAt - from) / stepMs) + 1).findLast((point) => point !== null) ?? null;

/** The last step that was judged, with when it began. */
export function lastPoint(
  points: readonly (EffectPoint | null)[],
  { from, stepMs }: { from: Instant; stepMs: number },
): ({ at: Instant } & EffectPoint) | null {
  const i = points.findLastIndex((point) => point !== null);
  return i < 0 ? null : { at: from + i * stepMs, ...points[i]! };
}

/** Whether samples of this step still tell a before from an after. */
export const isFineEnough = ({ from, to }: { from: Instant; to: Instant }, stepMs: number): boolean =>
  stepMs <= seconds(60) || to - from >= 4 * stepMs;

/** What became of the first few of an operation's zones since it was first carried out: their unresolved keys, then and since. */
export type EffectView = {
  /** When it was first carried out; null: not yet. */
  begunAt: Instant | null;
  from: Instant;
  to: Instant;
  stepMs: number;
  /** The span lies behind: what the zones are like now says nothing of the operation. */
  over: boolean;
  /** Whether what is kept of that time still tells a before from an after; of what has not begun nothing does. */
  kept: boolean;
  zones: ZoneEffect[];
};

export type ZoneEffect = {
  zoneId: string;
  title: string;
  /** As of now. */
  verdict: Verdict;
  keyName: string;
  /** The most unresolved keys of each step; null where nobody saw the zone. */
  points: (number | null)[];
  /** In the step in which it began; null: nobody saw the zone then. `oldestMs` null: nothing was unresolved. */
  before: { keysN: number; oldestMs: number | null } | null;
  /** As of the last judgement, and once the span is over in its last step; null: the zone is not seen. */
  last: { at: Instant; keysN: number; oldestMs: number | null } | null;
};
