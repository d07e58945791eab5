/** What a consumer has done with a message, and with the others of its key. */
export type Standing = {
  /** Of its dead letter; null: it is gone. */
  state: string | null;
  /** Its consumer has processed this very message. */
  processed: boolean;
  /** It waits with its consumer as well: it came again, too early. */
  waits: boolean;
  /** The highest version of its key that was handled; null: none was. */
  applied: number | null;
  /** Versions of its key that came too early and wait. */
  held: readonly number[];
  /** Versions of its key that are being redelivered: they have their turn before. */
  inFlight: readonly number[];
  /** Its consumer lets messages of its type wait that come too early: some wait now. */
  holds: boolean;
};
