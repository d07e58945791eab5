import { durationWords, type Instant } from "../time";
import { counted, listed, type Part, plain, strong } from "../words";
import { endOf, type OperationKind, type OperationState, type Running } from "./rules";
import type { OperationRow, OperationView } from "./views";

/** What happened to an operation, the latest first: asked for, stepped, ended. */
export function activityOf(
  stored: { requestedAt: Instant; requestedByName: string; endedAt: Instant | null; state: OperationState },
  steps: readonly { at: Instant; text: string }[],
): OperationView["activity"] {
  const asked = { at: stored.requestedAt, text: `Asked for by ${stored.requestedByName}` };
  const ended =
    stored.endedAt === null
      ? []
      : [
          {
            at: stored.endedAt,
            text: stored.state === "cancelled" ? "The last delivered message was answered" : "Every message has an outcome",
          },
        ];
  return [...ended, ...steps, asked];
}

const done: Record<OperationKind, string> = {
  retry: "applied",
  discard: "discarded",
  resolve: "resolved by hand",
  take_back: "taken back and parked again",
};

/** What became of an operation, in at most three sentences; `proven` is another one after the first, of what its keys came to. */
export function operationSentence(
  operation: Pick<OperationRow, "kind" | "state" | "counts" | "requestedAt" | "endedAt">,
  running: Running,
  now: number,
  proven = "",
): Part[] {
  const { counts } = operation;
  if (operation.state === "awaiting")
    return [
      strong(`${counted(counts.total, "message")} ${counts.total === 1 ? "waits" : "wait"} for a second person.`),
      plain(
        ` Nothing is ${operation.kind === "retry" ? "sent" : done[operation.kind]} before that; meanwhile nobody else can act on them.`,
      ),
    ];
  const good = counts[endOf[operation.kind]];
  const verb = done[operation.kind];
  const lead = strong(
    `${good.toLocaleString("en-US")} of ${counted(counts.total, "message")} ${verb}${counts.failed_again > 0 ? `, ${counts.failed_again.toLocaleString("en-US")} failed again` : ""}.`,
  );
  const settled = [
    some(counts.duplicate, "already processed"),
    some(counts.stale, operation.kind === "take_back" ? "closed for good" : "stale"),
    some(counts.held, "held for an earlier version"),
    some(counts.behind, "behind an earlier message that did not get through"),
    some(counts.cancelled, "cancelled and free"),
    some(counts.uncertain, "uncertain, without an answer yet"),
  ].filter(Boolean);
  const told = [listed(settled), progress(operation, running, now)].filter(Boolean).map((words) => `${words}.`);
  const rest = [proven, ...told].filter(Boolean);
  return [lead, plain(rest.length > 0 ? ` ${rest.join(" ")}` : "")];
}

function progress(
  { counts, state, requestedAt, endedAt }: Pick<OperationRow, "counts" | "state" | "requestedAt" | "endedAt">,
  { firstRanAt, ranAt, perSecond }: Running,
  now: number,
): string {
  // From when it was carried out: what waited for a second person took that person's time.
  if (endedAt !== null) return `It took ${durationWords(endedAt - (firstRanAt ?? requestedAt))}`;
  if (counts.waiting === 0) return state === "paused" ? "It is paused" : "";
  const wait = `${counts.waiting.toLocaleString("en-US")} ${counts.waiting === 1 ? "waits" : "wait"}`;
  if (state === "paused") return `It is paused and ${wait}`;
  if (perSecond) return `${wait}, about ${durationWords((counts.waiting / perSecond) * 1_000)} at this rate`;
  return ranAt === null ? `${wait} to be sent` : `${wait} for an answer, now for ${durationWords(now - ranAt)}`;
}

/** What nobody takes, and the consumer's last sign of life: what a person can do about it is to take it back. */
export function notTakenWords(
  notTaken: { n: number; since: Instant; processedAt: Instant | null } | null,
  { state, consumers }: { state: OperationState; consumers: readonly string[] },
  now: Instant,
): Part[] {
  if (notTaken === null || notTaken.n === 0) return [];
  const { n, since, processedAt } = notTaken;
  const what = `${counted(n, "message")} ${n === 1 ? "has" : "have"} not been taken by ${listed(consumers)} for ${durationWords(now - since)}`;
  const life =
    processedAt === null
      ? "which has processed nothing in the last two hours"
      : `which last processed something ${durationWords(now - processedAt)} ago`;
  const next = state === "cancelled" ? "They are being taken back." : "Cancel takes them back; they stay parked.";
  return [plain(` ${what}, ${life}. ${next}`)];
}

const some = (n: number, words: string): string => (n > 0 ? `${n.toLocaleString("en-US")} ${words}` : "");
