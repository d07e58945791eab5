import { detailWords, kindWords } from "../reconciliation/words";
import { openWords } from "../verdicts/words";
import { counted, listed, type Part, plain, strong } from "../words";
import type { ProofReason, ProofState } from "./rules";
import type { ProofView } from "./views";

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

/** How far the proof is: `272 of 441 keys are proven converged, 2 wait, 1 still diverges.` */
export function proofSentence(counts: ProofView["counts"]): Part[] {
  const n = (state: keyof ProofView["counts"]) => counts[state].toLocaleString("en-US");
  const rest = [
    counts.checking > 0 && `${n("checking")} ${counts.checking === 1 ? "is" : "are"} being checked`,
    counts.waits > 0 && `${n("waits")} ${counts.waits === 1 ? "waits" : "wait"}`,
    counts.diverging > 0 && `${n("diverging")} still ${counts.diverging === 1 ? "diverges" : "diverge"}`,
    counts.uncovered > 0 && `nothing compares ${n("uncovered")}`,
    counts.undelivered > 0 && `of ${n("undelivered")} nothing was delivered`,
  ].filter((part) => part !== false);
  const verb = counts.proven === 1 && counts.total === 1 ? "is" : "are";
  return [
    strong(`${n("proven")} of ${counted(counts.total, "key")} ${verb} proven converged`),
    plain(rest.length > 0 ? `; ${listed(rest)}.` : "."),
  ];
}
