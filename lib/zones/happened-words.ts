import { durationWords, type Instant } from "../time";
import type { Verdict } from "../verdicts/rules";
import type { Mark, ZoneView } from "./views";

type Change = { at: Instant; verdict: Verdict; oldestKey: string | null };

type Happened = ZoneView["happened"][number];
const SHOWN_MAX = 20;
/** From so many on, turns between healthy and converging are one entry. */
const FLIPS_MIN = 3;

/** What happened to a zone, the newest first: the verdicts it came to, deploys and operators' acts. */
export function happened(changes: readonly Change[], marks: readonly Mark[]): Happened[] {
  const all = [
    ...changes.map((change) => ({ at: change.at, change, mark: null })),
    ...marks.map((mark) => ({ at: mark.at, change: null, mark })),
  ].sort((a, b) => b.at - a.at);
  const shown: Happened[] = [];
  for (let i = 0; i < all.length && shown.length < SHOWN_MAX; ) {
    const { change, mark } = all[i]!;
    const flips = flipsFrom(all.slice(i).map((each) => each.change));
    shown.push(flips.length >= FLIPS_MIN ? flipsText(flips) : change ? changeText(change) : markText(mark!));
    i += flips.length >= FLIPS_MIN ? flips.length : 1;
  }
  return shown;
}

// Work comes and goes: a zone that is now healthy, now converging is at rest, and twenty entries of it hide what happened.
function flipsFrom(changes: readonly (Change | null)[]): Change[] {
  const end = changes.findIndex(
    (change) => change === null || !(change.verdict === "healthy" || change.verdict === "converging"),
  );
  return changes.slice(0, end < 0 ? changes.length : end) as Change[];
}

function flipsText(flips: readonly Change[]): Happened {
  const [newest, oldest] = [flips[0]!, flips.at(-1)!];
  const within = durationWords(newest.at - oldest.at);
  return {
    at: newest.at,
    text: `${verdictPast[newest.verdict]}, after ${flips.length - 1} turns between healthy and converging within ${within}`,
    tone: "plain",
  };
}

function changeText({ at, verdict, oldestKey }: Change): Happened {
  const text = verdictPast[verdict];
  if (verdict !== "breached") return { at, text, tone: "plain" };
  if (!oldestKey) return { at, text, tone: "breach" };
  return { at, text: `${text}, oldest ${oldestKey}`, tone: "breach", href: `/keys/${encodeURIComponent(oldestKey)}` };
}

const markText = (mark: Mark): Happened => ({
  at: mark.at,
  text:
    mark.kind === "operator" ? mark.label : mark.kind === "deploy" ? `${mark.label} deployed` : `rolled back to ${mark.label}`,
  tone: "plain",
  ...(mark.href ? { href: mark.href } : {}),
});

/** A verdict that a zone came to. */
export const verdictPast: Record<Verdict, string> = {
  breached: "Breached",
  at_risk: "At risk",
  unknown: "Unknown",
  converging: "Converging",
  healthy: "Healthy",
};
