import { ageText } from "@/components/ui/live-age";
import type { Tone } from "@/components/ui/tone";
import { type AlertState, isEvaluated, type Severity } from "@/lib/alerts/rules";
import type { AlertRow, AlertsView } from "@/lib/alerts/views";
import type { PagedView } from "@/lib/notifications/views";
import { durationWords, type Instant } from "@/lib/time";
import { counted, listed, type Part, plain, strong } from "@/lib/words";

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

/** How many call for somebody; `unseen`: nobody could tell whether more should. */
export const callingWords = (n: number, unseen: boolean): string =>
  n === 0 && unseen
    ? "Whether somebody should be called nobody can tell now."
    : n === 0
      ? "No alert calls for somebody."
      : `${counted(n, "alert")} ${n === 1 ? "calls" : "call"} for somebody.`;

type Listed = Pick<AlertsView, "counts" | "evaluatedAt" | "now">;

/** What is open, and how much of it nobody has taken; or that nobody evaluates, so that what is not open may be wrong all the same. */
export function alertsSentence({ counts, evaluatedAt, now }: Listed): Part[] {
  if (isEvaluated(evaluatedAt, now)) return openSentence(counts);
  const since =
    evaluatedAt === null
      ? "Conditions were not evaluated yet."
      : `Conditions have not been evaluated for ${durationWords(now - evaluatedAt)}.`;
  const { raised, acknowledged } = counts;
  return [
    strong(since),
    plain(
      ` Before, ${counted(raised + acknowledged, "alert")} ${raised + acknowledged === 1 ? "was" : "were"} open; what is wrong now nobody can tell.`,
    ),
  ];
}

function openSentence({ raised, acknowledged, pending }: { raised: number; acknowledged: number; pending: number }): Part[] {
  const open = raised + acknowledged;
  const soon =
    pending === 0
      ? ""
      : ` ${counted(pending, "condition")} ${pending === 1 ? "holds" : "hold"} and must last longer to raise one.`;
  if (open === 0) return [strong("No alert is open."), plain(soon)];
  const taken =
    raised === 0
      ? open === 1
        ? "acknowledged"
        : "all of them acknowledged"
      : raised === open
        ? "none acknowledged"
        : `${raised} not acknowledged`;
  return [strong(`${counted(open, "alert")} ${open === 1 ? "is" : "are"} open, ${taken}.`), plain(soon)];
}

type Paged = NonNullable<PagedView["paged"]>;

/** Who was paged, before how long ago: `You were paged`, `checkout was paged`. */
export const pagedWords = ({ me, whom }: Pick<Paged, "me" | "whom">): string =>
  me ? "You were paged" : `${whom || "Somebody"} was paged`;

/** Whom it is told further, and in how long: `Escalates to chat in 4m 22s`. */
export function furtherWords({ next }: Pick<Paged, "next">, now: Instant): string {
  if (next === null) return "Nobody else is told by itself";
  const to = next.to.length === 0 ? "Goes to nobody else" : `Escalates to ${listed(next.to)}`;
  return next.at > now ? `${to} in ${ageText(Math.ceil((next.at - now) / 1_000) * 1_000)}` : `${to} now`;
}
