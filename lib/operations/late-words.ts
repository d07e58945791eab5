import { frameworkOf } from "../presets/known.rules";
import { windowWords } from "../time";
import { counted } from "../words";

type Of = { service: string; preset: string };

/** What a source is called that was asked to take something: its framework, or its service where the tables are its own. */
const taker = ({ service, preset }: Of): string => frameworkOf(preset)?.title ?? service;

/** What is known of a message that was not taken within its framework's own beat, or else within what its zones agreed. */
export function notTakenYetWords(of: Of, agreedMs: number): string {
  const beat = frameworkOf(of.preset)?.beat ?? null;
  return `${taker(of)} has not taken it within ${windowWords(beat?.withinMs ?? agreedMs)}; its workers may be stopped.`;
}

type Asked = {
  service: string;
  answer: "requested" | "refused" | "unreached" | "unanswered";
  words: string;
  calls: number;
  seen: boolean;
  again: boolean;
};

/** What a service was asked for and said, and what is known after it. */
export function askedWords({ service, answer, words, calls, seen, again }: Asked): string {
  const told = `${service} ${words}`;
  if (seen) return `${told}; its tables show that it was taken up, and no end of it yet.`;
  if (answer === "requested") return `${told}; its tables show nothing of it yet.`;
  const next = again
    ? "It is asked again under the same Idempotency-Key."
    : `It was asked ${calls === 1 ? "once" : `${calls} times`}, and is not asked again.`;
  return answer === "unanswered" ? `${told}, and may have carried it out all the same. ${next}` : `${told}. ${next}`;
}

type LateOf = Of & { n: number; called: boolean };

/** What a framework or a service owes, in a sentence for the whole operation; what was handed over is not Accord's to take back. */
export function lateWords(late: readonly LateOf[], agreedMs: number): string {
  return late
    .map((one) => {
      const what = counted(one.n, "message");
      if (one.called)
        return ` ${one.service} was asked for ${what}, and its tables show no end of ${one.n === 1 ? "it" : "them"} yet. Cancel stops asking; it cannot take back what arrived.`;
      const within = windowWords(frameworkOf(one.preset)?.beat?.withinMs ?? agreedMs);
      return ` ${taker(one)} has not taken ${what} within ${within}; its workers may be stopped. What was handed to it cannot be taken back.`;
    })
    .join("");
}
