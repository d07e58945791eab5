import { Secret, TOTP } from "otpauth";
import type { Instant } from "../../time";

// What every authenticator takes (RFC 6238): SHA-1, six digits, a step of 30 s.
const shape = { algorithm: "SHA1", digits: 6, period: 30 } as const;
// A telephone's clock may be a step off, and typing takes time; RFC 6238 speaks of one step.
const WINDOW = 1;

/** A new secret: 160 random bits, as RFC 4226 wants them, in base 32. */
export const makeTotpSecret = (): string => new Secret({ size: 20 }).base32;

/** What an authenticator reads from the square: whose account of what it is, and the secret. */
export const totpUri = (secret: string, email: string, issuer: string): string =>
  new TOTP({ ...shape, secret, label: email, issuer }).toString();

/** The step of time that a code is of, around now; null when it is of none. */
export function totpStep(secret: string, code: string, now: Instant): number | null {
  const delta = TOTP.validate({ ...shape, token: code, secret: Secret.fromBase32(secret), timestamp: now, window: WINDOW });
  return delta === null ? null : TOTP.counter({ period: shape.period, timestamp: now }) + delta;
}

/** The code of a moment; what an authenticator shows. */
export const totpAt = (secret: string, now: Instant): string =>
  TOTP.generate({ ...shape, secret: Secret.fromBase32(secret), timestamp: now });
