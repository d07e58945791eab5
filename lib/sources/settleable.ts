/** A letter that somebody closed, and the words that were left on its row by which it is known again. */
export type ClosedLetter = { sourceDeadLetterId: string; messageId: string; closedFor: string };
/** How a letter's row stands, and for which reason; null where it is gone. */
export type Settled = { sourceDeadLetterId: string; state: string | null; reason: string | null };

/** A source whose dead letters can be closed as done by hand, and parked again while it keeps them. */
export interface Settleable {
  /** Marks parked letters as resolved, in one transaction; a repeat changes nothing. */
  resolve(letters: readonly { sourceDeadLetterId: string; messageId: string }[], reason: string): Promise<Settled[]>;
  /** Parks letters again that stand closed for exactly the reason that was given then; what is otherwise stays. */
  takeBack(letters: readonly ClosedLetter[], reason: string): Promise<Settled[]>;
}
