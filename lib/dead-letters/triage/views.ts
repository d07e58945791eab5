import type { Instant } from "../../time";
import type { Part } from "../../words";
import type { TriageState } from "./rules";

/** Where a group stands, for a row of a list and the head of its page. */
export type TriageView = {
  state: TriageState;
  /** Which change of the state this is: a request to change it names it. */
  stateN: number;
  /** `Waiting for 2.40.3`, `Ready to retry`. */
  word: string;
  /** What the word leaves open: until when it is muted, who resolved it, that it came back. */
  detail: Part[];
  assignee: { id: string; name: string } | null;
  ticket: string | null;
  /** The fix that it waits for is live, and nothing comes in. */
  ready: boolean;
  /** It came back after somebody had resolved it. */
  regressed: boolean;
};

export type GroupEventView = { n: number; at: Instant; by: string; person: boolean; kind: string; text: Part[] };

/** Once when this failure, or one at the same call, ended. */
export type SeenBefore = {
  at: Instant;
  /** The other group, where it is not this one. */
  other: { groupId: string; errorType: string } | null;
  text: Part[];
};

/** What people made of a group, and whom it can be given to. */
export type GroupTriageView = {
  people: { id: string; name: string }[];
  history: GroupEventView[];
  seenBefore: SeenBefore[];
};
