import { days, type Instant, minutes } from "../time";

export const silenceKinds = ["silence", "maintenance"] as const;
export type SilenceKind = (typeof silenceKinds)[number];

export const silenceLimits = {
  msMin: minutes(1),
  msMax: days(30),
  aheadMsMax: days(365),
  reasonLeast: 5,
  reasonMost: 500,
} as const;

/** When nobody is told: null stands for every zone, condition and cause. */
export type Silence = {
  silenceId: number;
  kind: SilenceKind;
  zoneId: string | null;
  condition: string | null;
  cause: string | null;
  startsAt: Instant;
  endsAt: Instant;
  reason: string;
  byName: string;
  createdAt: Instant;
  endedAt: Instant | null;
  endedByName: string | null;
};

export type SilenceState = "planned" | "active" | "over";

/** Where a silence stands at a moment: from its beginning, and not at its end any more. */
export function silenceState(
  { startsAt, endsAt, endedAt }: Pick<Silence, "startsAt" | "endsAt" | "endedAt">,
  now: Instant,
): SilenceState {
  if (now >= endsAt || (endedAt !== null && now >= endedAt)) return "over";
  return now < startsAt ? "planned" : "active";
}

type Spot = { zoneId: string; condition: string; cause: string };

/** Whether a silence is about an alert, whenever it holds. */
export const isAbout = (silence: Pick<Silence, "zoneId" | "condition" | "cause">, alert: Spot): boolean =>
  (silence.zoneId === null || silence.zoneId === alert.zoneId) &&
  (silence.condition === null || silence.condition === alert.condition) &&
  (silence.cause === null || silence.cause === alert.cause);

/** The silence on an alert that lasts longest; null when somebody is told. */
export function silencedBy<S extends Silence>(silences: readonly S[], alert: Spot, now: Instant): S | null {
  const active = silences.filter((one) => isAbout(one, alert) && silenceState(one, now) === "active");
  return active.reduce<S | null>((longest, one) => (longest === null || one.endsAt > longest.endsAt ? one : longest), null);
}
