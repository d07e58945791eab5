/**
 * What a call to another machine came to. requested: it said yes · refused: it said no, and would again · unreached: it never got there ·
 * unanswered: it may have got there and have had its effect.
 */
export const callAnswers = ["requested", "refused", "unreached", "unanswered"] as const;
export type CallAnswer = {
  answer: (typeof callAnswers)[number];
  /** What happened, as the end of a sentence that begins with who was called; never with what the call carried. */
  words: string;
  /** What was said about a refusal, bounded; it may hold anybody's data. */
  said: string;
  /** How long it asks to be left alone. */
  afterMs: number | null;
};

export const answerOf = (answer: CallAnswer["answer"], words: string, said = "", afterMs: number | null = null): CallAnswer => ({
  ...{ answer, words, said, afterMs },
});
