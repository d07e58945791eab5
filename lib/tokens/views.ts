import type { Instant } from "../time";
import type { Token } from "./rules";

/** One's own tokens; and those of services, for administrators, or null. The newest first. */
export type TokensView = { now: Instant; own: Token[]; services: Token[] | null };

/** `secret` is shown this once; null when the same request came again, since nobody knows it any more. */
export type MadeToken = { token: Token; secret: string | null; repeated: boolean };
