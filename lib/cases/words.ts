import type { Contract } from "../contracts/rules";
import { durationWords, type Instant } from "../time";
import { counted, linked, moment, type Part, plain, strong } from "../words";
import type { CaseFacts, CaseResolution, CaseState, CauseKind } from "./rules";
import { missedBy, type Sides } from "./title-words";

export type { Sides } from "./title-words";

export const caseName = (caseId: number | string): string => `CASE-${caseId}`;

export const stateWord: Record<CaseState, string> = {
  open: "Open",
  acknowledged: "Acknowledged",
  snoozed: "Snoozed",
  resolved: "Resolved",
};
export const causeWord: Record<CauseKind, string> = {
  group: "Dead letters",
  saga: "Saga",
  divergence: "Divergence",
  lag: "Lag",
  mass: "Many keys",
  missed: "Lost events",
  manual: "By hand",
};
export const resolutionWord: Record<CaseResolution, string> = {
  converged: "Converged by itself",
  authority: "Repaired at the authority",
  projection: "Repaired at the projection",
  compensated: "Compensated",
  accepted: "Accepted difference",
  no_divergence: "Not a divergence",
};

/** What somebody did, after their name: "acknowledged the case". */
export const eventWords = {
  opened: (why: string): Part[] => [plain(`opened the case${why && `: ${why}`}`)],
  assigned: (to: string | null, self: boolean): Part[] => [
    plain(to === null ? "gave the case back" : self ? "took the case" : `gave the case to ${to}`),
  ],
  acknowledged: (): Part[] => [plain("acknowledged the case")],
  commented: (text: string): Part[] => [plain("wrote: “"), ...linked(text), plain("”")],
  snoozed: (until: Instant, wakes: Instant, now: Instant): Part[] => [
    plain("snoozed the case until "),
    moment(until, now),
    ...(wakes < until ? [plain("; it wakes when it is due, "), moment(wakes, now)] : []),
  ],
  woke: (due: boolean): Part[] => [plain(due ? "woke the case: it is due" : "woke the case")],
  ticked: (step: number, text: string, done: boolean): Part[] => [
    plain(`${done ? "did" : "took back"} step ${step}: ${text.length > 120 ? `${text.slice(0, 119)}…` : text}`),
  ],
  asked: (until: Instant, reason: string, now: Instant): Part[] => [
    plain("asked for a second person to accept the difference until "),
    moment(until, now),
    plain(`: “${reason}”`),
  ],
  resolved: (resolution: CaseResolution, reason: string): Part[] => [
    plain(`resolved the case, ${resolutionWord[resolution].toLowerCase()}: “${reason}”`),
  ],
  reopened: (reason: string): Part[] => [plain(`opened the case again: ${reason}`)],
  gone: (): Part[] => [plain("found that the cause is gone")],
  returned: (): Part[] => [plain("found the cause again")],
} as const;

/** Since when a cause has stood when it opened a case, against its window. */
export const sinceWords = (since: Instant, windowMs: number, now: Instant): string =>
  `the oldest is ${durationWords(now - since)} old, the window is ${durationWords(windowMs)}`;

/** What a case is about now, as its sentence needs it; null where it was opened by hand or its cause cannot be found any more. */
export type CauseNow =
  | { kind: "group"; openN: number; oldest: Instant | null }
  | { kind: "saga"; n: number; failedN: number; oldestKey: string | null }
  | { kind: "divergence"; differs: number; of: number; versions: [authority: string, projection: string] | null; state: string }
  | { kind: "keys"; n: number }
  | { kind: "missed"; eventsN: number; keysN: number; oldest: Instant }
  | { kind: "lag"; n: number }
  | { kind: "mass"; n: number };

type Told = {
  facts: CaseFacts;
  title: string;
  resolution: CaseResolution | null;
  resolvedAt: Instant | null;
  resolvedByName: string | null;
  causeGoneAt: Instant | null;
  askedBy: string | null;
  openedByName: string;
};

/** What is true and what it means for the business, in at most three sentences. */
export function caseSentence(one: Told, found: CauseNow | null, sides: Sides, contract: Contract, now: Instant): Part[] {
  const lead = leadOf(one, found, sides, contract, now);
  const means = one.resolvedAt === null && one.causeGoneAt === null ? meaningOf(one, contract) : "";
  const waits = one.askedBy === null ? "" : ` ${one.askedBy} has asked for a second person.`;
  return [...lead, ...(means ? [plain(" "), strong(means)] : []), ...(waits ? [plain(waits)] : [])];
}

function leadOf(one: Told, found: CauseNow | null, sides: Sides, contract: Contract, now: Instant): Part[] {
  if (one.resolvedAt !== null)
    return [
      strong(`${resolutionWord[one.resolution!]}.`),
      plain(` ${one.resolvedByName} resolved it `),
      moment(one.resolvedAt, now),
      plain("."),
    ];
  if (one.causeGoneAt !== null)
    return [strong("The cause is gone since "), { ...moment(one.causeGoneAt, now), strong: true }, strong(".")];
  if (found === null)
    return [plain(one.facts.kind === "manual" ? `${one.openedByName} opened this by hand.` : "The cause stands.")];
  const keys = contract.businessKey.name;
  switch (found.kind) {
    case "group":
      return [
        strong(`${counted(found.openN, "message")} ${found.openN === 1 ? "is" : "are"} parked`),
        plain(` at ${sides.wrong}${found.oldest === null ? "" : `, the oldest for ${durationWords(now - found.oldest)}`}.`),
      ];
    case "saga":
      return [
        strong(`${counted(found.n, keys)} ${found.n === 1 ? "is" : "are"} stuck`),
        plain(
          found.failedN > 0
            ? `, ${found.failedN} with a compensation that failed.`
            : `, past ${found.n === 1 ? "its" : "their"} deadline.`,
        ),
      ];
    case "divergence":
      return divergenceLead(one.facts, found, sides);
    case "keys":
      return keysLead(one.facts, counted(found.n, keys), found.n === 1, sides);
    case "missed":
      return [
        strong(
          `${counted(found.eventsN, "event")} of ${sides.right} did not reach ${one.facts.kind === "missed" ? missedBy(one.facts.consumers) : sides.wrong}`,
        ),
        plain(`: ${counted(found.keysN, keys)}, the oldest for ${durationWords(now - found.oldest)}.`),
      ];
    case "lag":
      return [strong(`${counted(found.n, keys)}`), plain(` in ${sides.wrong} wait for the same thing; they are one case.`)];
    case "mass":
      return [
        strong(`${counted(found.n, keys)} differ`),
        plain(`, more than anyone reads one by one; the comparison stopped. Look at ${sides.wrong} as a whole.`),
      ];
  }
}

/** `12 orders are missing in inventory-service.` */
function keysLead(facts: CaseFacts, keys: string, one: boolean, { wrong, right }: Sides): Part[] {
  const differs = facts.kind === "divergence" ? facts.differs : "";
  if (differs === "missing")
    return [strong(`${keys} ${one ? "is" : "are"} missing`), plain(` in ${wrong}; ${right} has ${one ? "it" : "them"}.`)];
  if (differs === "unexpected")
    return [strong(`${keys} should not be in ${wrong}`), plain(`: ${right} does not know ${one ? "it" : "them"}.`)];
  if (differs === "duplicate") return [strong(`${keys} ${one ? "is" : "are"} more than once`), plain(` in ${wrong}.`)];
  return [strong(`${keys} ${one ? "differs" : "differ"}`), plain(` in ${wrong} from ${right}.`)];
}

function divergenceLead(facts: CaseFacts, found: CauseNow & { kind: "divergence" }, { wrong, right }: Sides): Part[] {
  const differs = facts.kind === "divergence" ? facts.differs : "";
  if (differs === "missing") return [strong(`${right} has it`), plain(` and ${wrong} has no row for it.`)];
  if (differs === "unexpected") return [strong(`${wrong} has a row`), plain(` that ${right} does not know.`)];
  if (differs === "duplicate") return [strong(`${wrong} has it more than once`), plain(`; ${right} has it once.`)];
  if (found.versions)
    return [
      plain(`${wrong} still holds `),
      strong(`v${found.versions[1]}`),
      plain(`; ${right} is at `),
      strong(`v${found.versions[0]}`),
      plain("."),
    ];
  return [
    strong(`${counted(found.differs, "field")} of ${found.of} ${found.differs === 1 ? "differs" : "differ"}`),
    plain(` from ${right}.`),
  ];
}

/** What the contract says that this breaks: the event's own meaning, or the zone's promise. */
function meaningOf({ facts }: Told, contract: Contract): string {
  // What somebody saw is no statement of the contract's.
  if (facts.kind === "manual") return "";
  const event = facts.kind === "group" ? contract.semantics.events.find((one) => one.eventType === facts.eventType) : undefined;
  const said = (event?.means ?? contract.promise).trim().replace(/[.\s]+$/, "");
  if (event?.means) return `${event.eventType} means: ${said.charAt(0).toLowerCase()}${said.slice(1)}.`;
  return `The promise is not kept: ${said.charAt(0).toLowerCase()}${said.slice(1)}.`;
}

/** What each way of resolving means here. */
export function consequenceOf(resolution: CaseResolution, { wrong, right }: Sides): string {
  switch (resolution) {
    case "converged":
      return "nothing to do; refused while the cause stands";
    case "authority":
      return `${right ?? "the authority"} was wrong and was put right`;
    case "projection":
      return `${wrong} was wrong and was put right; opens again if it still is`;
    case "compensated":
      return "what was done was undone";
    case "accepted":
      return "keep it until a day; counts no more until then";
    case "no_divergence":
      return "a false alarm, or meant to be so";
  }
}
