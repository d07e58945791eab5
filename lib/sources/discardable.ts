/** A source whose dead letters can be put aside for good. */
export interface Discardable {
  /** Marks parked dead letters as discarded, in one transaction; a repeat changes nothing. Answers the state of each (null: gone). */
  discard(
    letters: readonly { sourceDeadLetterId: string; consumer: string; messageId: string; mark: string | null }[],
    reason: string,
  ): Promise<{ sourceDeadLetterId: string; state: string | null }[]>;
}
