import { detailWords, kindWords } from "../reconciliation/words";
import { openWords } from "../verdicts/words";
import { counted, listed, type Part, plain, strong } from "../words";
import { type ProofCounts, type ProofReason, type ProofState, proofStage } from "./rules";

export const proofWord: Record<ProofState | "undelivered", string> = {
  proven: "Proven",
  checking: "Being checked",
  waits: "Waits",
  diverging: "Still diverging",
  uncovered: "Nothing compares it",
  undelivered: "Not delivered",
};

/** What a key's state rests on, or what is in its way. */
export function proofWords(state: ProofState, why: ProofReason | null, zone: string | null): Part[] {
  if (state === "proven") return [plain("Read on both sides since the delivery, and they agree.")];
  if (state === "uncovered")
    return [
      plain(
        zone === null
          ? "No contract names this message, so nothing says what it should lead to."
          : "Nothing of it is open, and no rule of its zone has it on either side: add a reconciliation rule to have it proven.",
      ),
    ];
  return [plain(why === null ? "Its turn has not come yet." : reasonWords(why))];
}

function reasonWords(why: ProofReason): string {
  switch (why.kind) {
    case "fact": {
      const what = `${why.eventType}: ${openWords[why.reason](why.consumer || why.service)}`;
      return why.waitsFor === null ? `${what}.` : `${what}; it waits for version ${why.waitsFor}.`;
    }
    case "differs": {
      const { kind, detail } = why.difference;
      return `The rule ${why.rule} reads both sides: ${kindWords[kind].toLowerCase()}${detail === null ? "" : `, ${detailWords[detail]}`}.`;
    }
    case "unread":
      return `${listed(why.services)} ${why.services.length === 1 ? "has" : "have"} not been looked at since the delivery.`;
    case "uncomparable":
      return `The rule ${why.rule} cannot compare it: ${why.words}`;
  }
}

/** How far the proof is: `272 of 441 orders are proven converged; 2 wait and 1 still diverges.` `keyName` is the contract's word for a key. */
export function proofSentence(counts: ProofCounts, keyName: string): Part[] {
  const rest = lacking(counts, ["checking", "waits", "diverging", "uncovered", "undelivered"]);
  return [strong(provenOf(counts, keyName)), plain(rest === "" ? "." : `; ${rest}.`)];
}

/** The same beside what was delivered, as one sentence of several; empty while there is nothing to tell. */
export function provenWords(counts: ProofCounts, keyName: string, ended: boolean): string {
  const stage = proofStage(counts, ended);
  if (stage === "before") return "";
  if (stage === "uncovered") {
    const n = counts.total - counts.undelivered;
    const [were, none] = n === 1 ? ["was", "it cannot"] : ["were", "none can"];
    return `Nothing compares the ${counted(n, keyName)} that ${were} delivered: ${none} be proven converged.`;
  }
  if (stage === "proven")
    return counts.total === 1
      ? `Its one ${keyName} is proven converged.`
      : `All ${counted(counts.total, keyName)} are proven converged.`;
  // While messages go out keys wait for a moment, and beside messages that wait nobody could tell them apart.
  const atEnd = ended ? (["waits"] as const) : [];
  const rest = lacking(counts, [...atEnd, "diverging", "uncovered", ...(stage === "short" ? (["undelivered"] as const) : [])]);
  return `${provenOf(counts, keyName)}${stage === "now" ? " so far" : ""}${rest === "" ? "" : `; ${rest}`}.`;
}

/** `272 of 441 orders, 2 wait`: the same in a narrow place. */
export function provenShort(counts: ProofCounts, keyName: string, ended: boolean): string {
  const all = counted(counts.total, keyName);
  const stage = proofStage(counts, ended);
  if (stage === "before") return ended ? "nothing got through" : `${all}, as they are delivered`;
  if (stage === "uncovered") return `nothing compares the ${counted(counts.total - counts.undelivered, keyName)} delivered`;
  if (stage === "proven") return counts.total === 1 ? `its one ${keyName}` : `all ${all}`;
  const rest = lacking(counts, ["waits", "diverging", "uncovered", ...(stage === "short" ? (["undelivered"] as const) : [])]);
  return `${counts.proven.toLocaleString("en-US")} of ${all}${rest === "" ? "" : `; ${rest}`}`;
}

const provenOf = ({ proven, total }: ProofCounts, keyName: string): string =>
  `${proven.toLocaleString("en-US")} of ${counted(total, keyName)} ${proven === 1 && total === 1 ? "is" : "are"} proven converged`;

const lackingWords: Record<Exclude<ProofState | "undelivered", "proven">, (n: string, one: boolean) => string> = {
  checking: (n, one) => `${n} ${one ? "is" : "are"} being checked`,
  waits: (n, one) => `${n} ${one ? "waits" : "wait"}`,
  diverging: (n, one) => `${n} still ${one ? "diverges" : "diverge"}`,
  uncovered: (n) => `nothing compares ${n}`,
  undelivered: (n) => `of ${n} nothing was delivered`,
};

/** What is missing to all of them being proven, of the states that are named. */
const lacking = (counts: ProofCounts, states: readonly (keyof typeof lackingWords)[]): string =>
  listed(
    states
      .filter((state) => counts[state] > 0)
      .map((state) => lackingWords[state](counts[state].toLocaleString("en-US"), counts[state] === 1)),
  );
