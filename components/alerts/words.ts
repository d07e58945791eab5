import type { Tone } from "@/components/ui/tone";
import type { AlertState, Severity } from "@/lib/alerts/rules";
import type { AlertRow } from "@/lib/alerts/views";
import { counted, type Part, plain, strong } from "@/lib/words";

export const alertHref = (alertId: string): string => `/alerts/${encodeURIComponent(alertId)}`;
export const alertName = (alertId: string): string => `ALERT-${alertId}`;

export const alertStateWord: Record<AlertState, string> = {
  pending: "Pending",
  raised: "Raised",
  acknowledged: "Acknowledged",
  cleared: "Cleared",
};
export const severityWord: Record<Severity, string> = { page: "page", ticket: "ticket" };

/** How an alert stands out: red calls somebody, amber does not, or somebody has it. */
export const alertTone = ({ state, severity, silenced, inhibitedBy }: AlertRow): Tone | undefined =>
  state === "raised" && silenced === null && inhibitedBy === null ? (severity === "page" ? "breach" : "risk") : undefined;

/** How many call for somebody. */
export const callingWords = (n: number): string =>
  n === 0 ? "No alert calls for somebody." : `${counted(n, "alert")} ${n === 1 ? "calls" : "call"} for somebody.`;

/** What is open, and how much of it nobody has taken. */
export function alertsSentence({
  raised,
  acknowledged,
  pending,
}: {
  raised: number;
  acknowledged: number;
  pending: number;
}): Part[] {
  const open = raised + acknowledged;
  const soon =
    pending === 0
      ? ""
      : ` ${counted(pending, "condition")} ${pending === 1 ? "holds" : "hold"} and must last longer to raise one.`;
  if (open === 0) return [strong("No alert is open."), plain(soon)];
  const taken = raised === 0 ? "all of them acknowledged" : raised === open ? "none acknowledged" : `${raised} not acknowledged`;
  return [strong(`${counted(open, "alert")} ${open === 1 ? "is" : "are"} open, ${taken}.`), plain(soon)];
}
