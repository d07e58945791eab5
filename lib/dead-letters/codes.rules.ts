/** How a letter is closed without its consumer: nobody needs it any more, or its effect was had in another way. */
export const closings = ["discard", "resolve"] as const;
export type Closing = (typeof closings)[number];
export const isClosing = (act: string): act is Closing => (closings as readonly string[]).includes(act);

type Rule = {
  of: Closing;
  title: string;
  means: string;
  /** What shows that it is so; asked for where a colleague could not see it otherwise. */
  evidence: { asks: string; required: boolean };
};

const rules = {
  duplicate: {
    of: "discard",
    title: "Duplicate",
    means: "another message has had this effect",
    evidence: { asks: "Which message, or where its effect is seen", required: true },
  },
  superseded: {
    of: "discard",
    title: "Superseded",
    means: "a later event of the key says more",
    evidence: { asks: "Which event came later", required: false },
  },
  not_needed: {
    of: "discard",
    title: "No longer needed",
    means: "its effect would help nobody now",
    evidence: { asks: "Who decided so, or a link", required: false },
  },
  invalid: {
    of: "discard",
    title: "Invalid message",
    means: "what it says is wrong, and no version could apply it",
    evidence: { asks: "What is wrong with it, or the producer's ticket", required: true },
  },
  test_data: {
    of: "discard",
    title: "Test data",
    means: "no business stands behind it",
    evidence: { asks: "Which test, or a link", required: false },
  },
  done_by_hand: {
    of: "resolve",
    title: "Done by hand",
    means: "somebody did in the service what it asks for",
    evidence: { asks: "What was done where: a link, a record's number", required: true },
  },
  data_corrected: {
    of: "resolve",
    title: "Data corrected",
    means: "a script or statement brought the data where it would have",
    evidence: { asks: "The script, statement or ticket", required: true },
  },
  done_elsewhere: {
    of: "resolve",
    title: "Done by another system",
    means: "its effect came on another way",
    evidence: { asks: "Where the effect is seen", required: true },
  },
  made_good: {
    of: "resolve",
    title: "Made good",
    means: "the business settled it otherwise: refunded, cancelled, agreed",
    evidence: { asks: "The refund, cancellation or agreement", required: true },
  },
} as const satisfies Record<string, Rule>;

/** Why a letter was closed by an operator, as it is stored, filtered and exported. */
export type CloseCode = keyof typeof rules;

export const closeCodes = Object.keys(rules) as [CloseCode, ...CloseCode[]];

/** The codes that one way of closing takes, in the order that they are offered. */
export const codesOf = (closing: Closing): [CloseCode, ...CloseCode[]] =>
  closeCodes.filter((code) => rules[code].of === closing) as [CloseCode, ...CloseCode[]];

/** What a code says, and what shows it. */
export const codeRule = (code: CloseCode): Rule => rules[code];

/** A code in words; one that a later version took away stands as it was written. */
export const codeWords = (code: string): string => (Object.hasOwn(rules, code) ? rules[code as CloseCode].title : code);

/** What is wrong with the evidence for a code; null when nothing is. */
export function evidenceProblem(code: CloseCode, evidence: string | null): string | null {
  const { title, evidence: asked } = rules[code];
  return asked.required && (evidence ?? "").trim() === "" ? `${title} takes evidence: ${lowered(asked.asks)}.` : null;
}

const lowered = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
