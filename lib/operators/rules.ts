import type { Role } from "../context";
import type { Instant } from "../time";

/** A person who may sign in, as administrators see them. `zones` null means every zone, now and later. */
export type Operator = {
  id: string;
  name: string;
  email: string;
  role: Role;
  zones: string[] | null;
  active: boolean;
  signsInWith: "password" | "openid_connect" | "both" | "nothing";
  /** Their password was given to them, and they have not chosen their own yet. */
  passwordOnce: boolean;
  /** Since when signing in by password takes a code as well; null: it does not. */
  secondFactorSince: Instant | null;
  recoveryCodesLeft: number;
  createdAt: Instant;
  lastSeenAt: Instant | null;
};

/** What decides over a person's permissions. */
export type Standing = { role: Role; zones: string[] | null; active: boolean };

/** Who is left to give permissions to others: an active administrator for all zones. */
export function isKeyHolder(standing: Standing): boolean {
  return standing.active && standing.role === "administrator" && standing.zones === null;
}

/** An e-mail as it is compared and stored. */
export function normalEmail(email: string): string {
  return email.trim().normalize("NFKC").toLowerCase();
}

/** Long enough to withstand guessing; the upper bound keeps a sign-in from becoming work. */
export const passwordLength = { min: 12, max: 200 } as const;
