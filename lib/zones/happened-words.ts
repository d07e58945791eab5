import type { Instant } from "../time";
import type { Verdict } from "../verdicts/rules";
import type { Mark, ZoneView } from "./views";

type Change = { at: Instant; verdict: Verdict; oldestKey: string | null };

/** What happened to a zone, the newest first: the verdicts it came to, deploys and operators' acts. */
export const happened = (changes: readonly Change[], marks: readonly Mark[]): ZoneView["happened"] =>
  [...changes.map(changeText), ...marks.map(markText)].sort((a, b) => b.at - a.at).slice(0, 20);

function changeText({ at, verdict, oldestKey }: Change): ZoneView["happened"][number] {
  const text = verdictPast[verdict];
  if (verdict !== "breached") return { at, text, tone: "plain" };
  if (!oldestKey) return { at, text, tone: "breach" };
  return { at, text: `${text}, oldest ${oldestKey}`, tone: "breach", href: `/keys/${encodeURIComponent(oldestKey)}` };
}

const markText = (mark: Mark): ZoneView["happened"][number] => ({
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
  unknown: "No data",
  converging: "Converging",
  healthy: "Healthy",
};
