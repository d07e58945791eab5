import type { Standing } from "./standing.rules";

export type { Standing } from "./standing.rules";

/** A message of a consumer's, and the types of events whose versions are counted together with its own. */
export type Remembered = {
  sourceDeadLetterId: string;
  consumer: string;
  messageId: string;
  eventType: string;
  eventTypes: readonly string[];
};

/** A source whose consumers write down what they processed, by message and by key. */
export interface Remembering {
  /** How each message stands, in their order. Read by index, a few rows a message. */
  standings(messages: readonly Remembered[]): Promise<Standing[]>;
}
