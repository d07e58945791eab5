import type { Instant } from "../../time";
import { fixedBy, isQuiet, isRegression, type LiveMark, type Triage, triageLimits, unmutedBy } from "./rules";

/** What is known of a group when it is followed. */
export type Followed = {
  one: Triage;
  openN: number;
  totalN: number;
  lastAt: Instant;
  growingPerMinute: number;
  /** Open messages by the consumer's version that they failed on. */
  versions: Readonly<Record<string, number>>;
  marks: readonly LiveMark[];
};

/** What a group's triage comes to by itself. */
export type Step =
  | { step: "regressed" }
  | { step: "unmuted"; by: "time" | "growth" }
  | { step: "ready"; version: string }
  | { step: "grows" }
  | { step: "withdrawn" }
  | { step: "ended" };

/** What happens next to a group, given what is known of it; null when nothing does. */
export function nextStep(found: Followed, now: Instant): Step | null {
  const { one, openN, totalN, lastAt } = found;
  if (isRegression(one, totalN)) return { step: "regressed" };
  if (one.state === "resolved") return null;
  if (openN === 0)
    return one.emptiedAt !== null && now - one.emptiedAt >= triageLimits.endsAfterMs ? { step: "ended" } : unmuted(found, now);
  if (one.state === "waiting") return waited(found, isQuiet(lastAt, now));
  return unmuted(found, now);
}

function unmuted({ one, growingPerMinute }: Followed, now: Instant): Step | null {
  const by = one.state === "muted" ? unmutedBy(one, growingPerMinute, now) : null;
  return by && { step: "unmuted", by };
}

/** A version on which it fails as well brings no fix, whatever was hoped. */
function waited({ one, versions, marks }: Followed, quiet: boolean): Step | null {
  const live = fixedBy(one.waitsFor!, one.stateAt!, marks);
  const fixed = live !== null && !((versions[live] ?? 0) > 0) ? live : null;
  if (one.readyAt === null) return quiet && fixed !== null ? { step: "ready", version: fixed } : null;
  if (!quiet && (live === null || fixed !== null)) return { step: "grows" };
  return fixed === null ? { step: "withdrawn" } : null;
}
