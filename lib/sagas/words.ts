import { durationWords, type Instant, seconds } from "../time";
import { counted, listed, moment, type Part, plain, strong } from "../words";
import { type HoldOutcome, holdableN, type SagaCause, type SagaStage } from "./rules";
import type { SagaRow } from "./views";

/** What one calls where a saga stands. */
export const stageWords: Record<SagaStage, string> = {
  failed: "Compensation failed",
  late: "Compensation late",
  compensating: "Compensating",
  held: "Held",
  stuck: "Past its deadline",
  due: "About to compensate",
  running: "In flight",
  undone: "Undone",
  completed: "Completed",
  gone: "Gone from its source",
};

const sum = (causes: readonly SagaCause[], of: (cause: SagaCause) => number): number =>
  causes.reduce((all, cause) => all + of(cause), 0);
const stand = (n: number, one: string, many: string): string => (n === 1 ? one : many);

const placeWords = ({ step, stepNo, stepsN }: Pick<SagaCause, "step" | "stepNo" | "stepsN">): string =>
  step === null ? "" : ` at ${step}${stepNo === null ? "" : `, step ${stepNo} of ${stepsN}`}`;

/** What is to be said of sagas of one type at one step, after "The order-commitment saga". */
export function causeWords(cause: SagaCause, keyName: string): string {
  const keys = (n: number) => counted(n, keyName);
  const at = cause.step ? ` at ${cause.step}` : "";
  if (cause.failedN > 0) return `could not undo ${keys(cause.failedN)}${at}, since a compensation failed`;
  if (cause.lateN > 0) return `is late in undoing ${keys(cause.lateN)}${at}`;
  if (cause.n > 0) return `has ${keys(cause.n)} past ${stand(cause.n, "its", "their")} deadline${at}`;
  if (cause.dueN > 0) return `has ${keys(cause.dueN)} waiting${placeWords(cause)}`;
  if (cause.heldN > 0) return `has ${keys(cause.heldN)} held${placeWords(cause)}`;
  return `is undoing ${keys(cause.compensatingN)}${at}`;
}

const unended = (text: string): string => text.replace(/[.!?\s]+$/, "");

/** What proves it: the oldest, what starts when, until when what is held, and the error in its own words. */
export function causeEvidence(cause: SagaCause, now: Instant): Part[] {
  const { firstDueAt, heldUntil, errorMessage } = cause;
  const undo = cause.undo.length === 0 ? "they compensate" : listed(cause.undo);
  return [
    plain(`The oldest is ${cause.oldestKey}, started `),
    moment(cause.oldest, now),
    plain("."),
    ...(firstDueAt === null
      ? []
      : [plain(" From "), moment(firstDueAt, now), plain(` ${undo} ${stand(cause.undo.length, "starts", "start")}.`)]),
    ...(heldUntil === null || cause.heldN === 0
      ? []
      : [
          plain(` ${cause.heldN.toLocaleString("en-US")} ${stand(cause.heldN, "is", "are")} held, the first until `),
          moment(heldUntil, now),
          plain("."),
        ]),
    ...(errorMessage
      ? [plain(` ${unended(errorMessage.length > 160 ? `${errorMessage.slice(0, 160).trimEnd()}…` : errorMessage)}.`)]
      : []),
  ];
}

/** The next step. */
export function causeNext(cause: SagaCause): string {
  if (cause.failedN > 0) return "see why the compensation fails; what it should undo is still done.";
  if (cause.lateN > 0) return "see what the compensation waits for; what it should undo is still done.";
  if (holdableN(cause) > 0)
    return cause.dueN > 0
      ? "hold compensations until the repair has run, or let them undo what was done."
      : "see what the step waits for; its compensation is due.";
  if (cause.heldN > 0) return "repair them before the hold ends, or release them.";
  return "nothing. What is undone ends by itself.";
}

/** The sentence of the list: what cannot wait, what went wrong, what is in hand. */
export function sagasSentence(causes: readonly SagaCause[], now: Instant): Part[] {
  const [due, bad, failed, compensating, held] = [
    sum(causes, (cause) => cause.dueN),
    sum(causes, (cause) => cause.n),
    sum(causes, (cause) => cause.failedN + cause.lateN),
    sum(causes, (cause) => cause.compensatingN),
    sum(causes, (cause) => cause.heldN),
  ];
  const first = causes.reduce<Instant | null>(
    (least, { firstDueAt }) => (firstDueAt === null ? least : Math.min(least ?? firstDueAt, firstDueAt)),
    null,
  );
  const lead =
    failed > 0
      ? `${counted(failed, "saga")} could not be undone in time.`
      : bad > 0
        ? `${counted(bad, "saga")} ${stand(bad, "is past its deadline", "are past their deadline")}.`
        : due > 0
          ? `${counted(due, "saga")} will not complete in time.`
          : "No saga needs anybody.";
  const calm = [
    compensating > 0 && `${compensating.toLocaleString("en-US")} ${stand(compensating, "is", "are")} being undone`,
    held > 0 && `${held.toLocaleString("en-US")} ${stand(held, "is", "are")} held`,
  ].filter((words) => words !== false);
  return [
    strong(lead),
    ...(first === null ? [] : [plain(" "), ...countdown(first, due, now)]),
    ...(calm.length > 0 ? [plain(` ${listed(calm)}.`)] : []),
  ];
}

/** `In 1m 20s the first of 26 starts to compensate.` */
export function countdown(first: Instant, n: number, now: Instant): Part[] {
  const who = n === 1 ? "it starts to compensate" : `the first of ${n.toLocaleString("en-US")} starts to compensate`;
  const leftMs = first - now;
  const text = leftMs < seconds(1) ? `Now ${who}.` : `In ${durationWords(leftMs)} ${who}.`;
  return [{ text, strong: true, tone: "breach" }];
}

/** The sentence of one saga: where it stands, and what comes next. */
export function sagaSentence(saga: SagaRow, undo: readonly string[], now: Instant): Part[] {
  const at = saga.step === null ? "" : ` at ${saga.step}`;
  const place = saga.stepNo === null ? "" : `, step ${saga.stepNo} of ${saga.stepsN}`;
  const next = listed(undo);
  switch (saga.stage) {
    case "failed":
      return [strong("It could not be undone: a compensation failed."), plain(" What it should have undone still stands.")];
    case "late":
      return [strong(`It is late in being undone${at}.`)];
    case "compensating":
      return [strong(`It is being undone${at}.`)];
    case "held":
      return [
        strong("Its compensations are held until "),
        { ...moment(saga.holdUntil!, now), strong: true },
        strong("."),
        ...(saga.deadlineAt !== null && saga.deadlineAt < now
          ? [plain(` It is ${durationWords(now - saga.deadlineAt)} past its deadline${at}${place}.`)]
          : []),
      ];
    case "stuck":
      return [
        strong(`It is ${durationWords(now - saga.deadlineAt!)} past its deadline${at}${place}.`),
        plain(" Its compensations may start at any moment."),
      ];
    case "due":
      return [
        strong(`It waits${at}${place}.`),
        plain(" "),
        {
          text: `In ${durationWords(Math.max(0, saga.deadlineAt! - now))} ${next ? `${next} ${stand(undo.length, "starts", "start")}` : "it starts to compensate"}.`,
          strong: true,
          tone: "breach",
        },
      ];
    case "running":
      return [
        strong(`It runs${at}${place}.`),
        ...(saga.deadlineAt === null
          ? [plain(" It has no deadline.")]
          : [plain(` Its deadline is in ${durationWords(Math.max(0, saga.deadlineAt - now))}.`)]),
      ];
    case "undone":
      return [strong("It was undone.")];
    case "completed":
      return [strong("It completed after all.")];
    case "gone":
      return [strong("It is not in its source any more.")];
  }
}

type Outcomes = readonly { outcome: HoldOutcome | "waiting" | "uncertain"; n: number }[];
const sagasOf = (n: number): string => counted(n, "saga");

/** What came of a request, as a sentence: what is held or let go until when, what could not be, and what is not known. */
export function holdSentence(
  { kind, until, outcomes, over }: { kind: "hold" | "release"; until: Instant | null; outcomes: Outcomes; over: boolean },
  now: Instant,
): Part[] {
  const n = (outcome: Outcomes[number]["outcome"]) => outcomes.find((one) => one.outcome === outcome)?.n ?? 0;
  const held = n("held") + n("begun");
  const lead: Part[] =
    kind === "release"
      ? n("released") > 0
        ? [plain(`Compensations of ${sagasOf(n("released"))} released.`)]
        : []
      : held > 0
        ? [
            plain(`Compensations of ${sagasOf(held)} ${over ? "were held until" : "held until"} `),
            moment(until!, now),
            plain("."),
          ]
        : [];
  const rest = [
    n("begun") > 0 && `${sagasOf(n("begun"))} had begun to compensate; what has begun goes on.`,
    n("kept") > 0 && `${sagasOf(n("kept"))} ${stand(n("kept"), "stays", "stay")} held by somebody else.`,
    n("ended") > 0 && `${sagasOf(n("ended"))} had ended before.`,
    n("gone") > 0 &&
      `${sagasOf(n("gone"))} ${stand(n("gone"), "is", "are")} not in ${stand(n("gone"), "its", "their")} source any more.`,
    n("late") > 0 && `${sagasOf(n("late"))} could not be reached before the hold's end.`,
    n("waiting") > 0 && `${sagasOf(n("waiting"))} ${stand(n("waiting"), "waits", "wait")} for a worker.`,
    n("uncertain") > 0 && `Of ${sagasOf(n("uncertain"))} it is not known yet; Accord keeps asking.`,
  ].filter((words) => words !== false);
  return [...lead, ...(rest.length > 0 ? [plain(`${lead.length > 0 ? " " : ""}${rest.join(" ")}`)] : [])];
}

/** What came of a request for one saga. */
export function outcomeWords(
  row: {
    kind: "hold" | "release";
    until: Instant | null;
    heldUntil: Instant | null;
    outcome: HoldOutcome | null;
    uncertain: boolean;
    error: string | null;
  },
  now: Instant,
): Part[] {
  const { outcome, heldUntil } = row;
  const longer = heldUntil !== null && row.until !== null && heldUntil > row.until + 1_000;
  switch (outcome) {
    case "held":
    case "begun":
      return [
        ...(heldUntil !== null && heldUntil <= now
          ? [plain("Over: it was held until "), moment(heldUntil, now)]
          : longer
            ? [plain("Held, by a hold that ends later, at "), moment(heldUntil, now)]
            : [plain("Held until "), moment(heldUntil ?? row.until!, now)]),
        plain(outcome === "begun" ? ". It had begun to compensate; what has begun goes on." : "."),
      ];
    case "released":
      return [plain("Released.")];
    case "kept":
      return [
        plain("Nothing was released: another hold stands"),
        ...(heldUntil === null ? [] : [plain(" until "), moment(heldUntil, now)]),
        plain("."),
      ];
    case "ended":
      return [plain("It had ended before.")];
    case "gone":
      return [plain("It was not in its source any more.")];
    case "late":
      return [plain("Its source could not be reached before the hold's end.")];
    default:
      return row.uncertain
        ? [
            { text: "Uncertain", tone: "risk", strong: true },
            plain(`: ${row.error ?? "no worker has answered yet."} Accord keeps asking.`),
          ]
        : [plain("Waits for a worker.")];
  }
}
