import { listed } from "../words";
import type { ReadinessAnswer, ReadinessFact, ReadinessQuestion, Safety } from "./readiness.rules";

export const questionWords: Record<ReadinessQuestion, string> = {
  cause: "Cause stopped",
  version: "Fixed version live",
  idempotent: "Safe to repeat",
  order: "Order kept",
  effects: "Effects known",
};

export const answerWords: Record<ReadinessAnswer, string> = { yes: "yes", no: "no", unknown: "not known" };

export const safetyWords: Record<Safety, string> = {
  safe: "Safe to retry",
  harmful: "A repeat may do harm",
  "not yet": "Do not retry yet",
  "not known": "Not known to be safe",
};

/** How the checks came out, and how to begin. */
export function checksWords(answers: readonly { answer: ReadinessAnswer }[]): string {
  const n = (answer: ReadinessAnswer) => answers.filter((one) => one.answer === answer).length;
  const [passed, failed, open] = [n("yes"), n("no"), n("unknown")];
  if (passed === answers.length) return `All ${answers.length} checks pass. Start with a canary.`;
  const but = [
    failed > 0 && `${failed} ${failed === 1 ? "fails" : "fail"}`,
    open > 0 && `${open} ${open === 1 ? "is" : "are"} not known`,
  ];
  return `${passed} of ${answers.length} checks pass, ${listed(but.filter((one) => one !== false))}.${failed === 0 ? " Start with one message." : ""}`;
}

/** What an answer rests on, in a sentence. */
export function factWords(fact: ReadinessFact): string {
  switch (fact.code) {
    case "comes in":
      return `Messages still come in at ${fact.group.consumer}.`;
    case "unseen":
      return `What came in at ${fact.group.consumer} lately is not seen.`;
    case "stopped":
      return "Nothing came in lately, and the live version never failed so.";
    case "quiet, unproven":
      return "Nothing came in lately; no live version is known that never failed so.";
    case "too many groups":
      return "It is of more groups than are looked at here.";
    case "not live":
      return `Its group waits for ${fact.version}, which is not live.`;
    case "fails there":
      return `${fact.version} is live, and it failed so there.`;
    case "live":
      return `${fact.version} is live and never failed so.`;
    case "not alone":
      return `${fact.version} came last and is not known to fail so, and messages still come in.`;
    case "no version":
      return "Which version is live, or whether it failed there, is not known.";
    case "twice":
      return `Lately ${fact.source.twiceN.toLocaleString("en-US")} had an effect twice at ${fact.source.sourceId}.`;
    case "drops":
      return "What its consumer has processed is dropped.";
    case "not told":
      return `${fact.source.sourceId} does not tell whether a repeat is dropped.`;
    case "gone":
      return `${fact.source.sourceId} is in accord.yaml no more: nothing is known of it.`;
    case "in order":
      return "A key's next message goes when the one before has ended.";
    case "no order asked":
      return "Its contract asks for no order.";
    case "no key":
      return `${fact.source.sourceId} names no keys: what follows what is not known.`;
    case "no contract":
      return "No contract names these events.";
    case "no effects":
      return "No contract names anything that its consumer publishes.";
    case "hidden":
      return "It stands in zones that are not yours as well: what their contracts name is not shown.";
    case "effects":
      return effectWords(fact.effects);
  }
}

const NAMED = 2;

/** "Publishes StockReserved to 2 consumers." */
function effectWords(effects: readonly { eventType: string; to: string[] }[]): string {
  const types = effects.map(({ eventType }) => eventType);
  const readers = new Set(effects.flatMap(({ to }) => to)).size;
  const named = types.length > NAMED ? `${types.slice(0, NAMED).join(", ")} and ${types.length - NAMED} more` : listed(types);
  return `Publishes ${named} to ${readers === 1 ? "1 consumer" : `${readers} consumers`}.`;
}
