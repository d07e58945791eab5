/** What screens are told of: the nouns, which are the first word of every query's key. A table tells its noun by a trigger (see docs/operating.md). */
export const topics = [
  "zones",
  "dead-letters",
  "sagas",
  "divergences",
  "operations",
  "approvals",
  "cases",
  "alerts",
  "audit",
  "sources",
  "contracts",
] as const;
export type Topic = (typeof topics)[number];

/** The channel of the store on which the triggers tell topics. */
export const LIVE_CHANNEL = "accord_live";

export const isTopic = (text: unknown): text is Topic => (topics as readonly unknown[]).includes(text);

/** Why a stream ended: its process closes, and another one takes it at once; newer ones of the same session have its place; or its session counts no more. */
export type Ending = "closing" | "replaced" | "signed out";

/**
 * What a stream says. `hello`: it stands · `beat`: it still does · `change`: these nouns changed · `all`: anything may have changed, since nobody listened
 * for a while · `quiet`: nobody listens now, ask by the clock · `end`: no more comes, and why.
 */
export type LiveEvent =
  | { event: "hello" | "beat" | "all" | "quiet"; data: null }
  | { event: "change"; data: Topic[] }
  | { event: "end"; data: Ending };
