import type { Instant } from "../time";
import type { Token } from "../tokens/rules";
import type { TokensView } from "../tokens/views";
import type { Operator } from "./rules";
import type { Session } from "./sessions/rules";

/** Everybody by name; `more` says that the list ends before everybody does. */
export type PeopleView = { now: Instant; operators: Operator[]; more: boolean };

/** One person with what is open in their name. */
export type PersonView = { now: Instant; operator: Operator; sessions: Session[]; tokens: Token[] };

/** What has to be shown before a secret of one's own is made. */
export type ProofAsked = "nothing" | "password" | "sign_in";

/** Tokens, and what making one takes. */
export type OwnTokensView = TokensView & { proof: ProofAsked };
