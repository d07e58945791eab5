import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from "node:crypto";
import { minutes } from "../../time";

/** Ten codes for the day on which the telephone is gone; a secret that was shown and not confirmed is nobody's after half an hour. */
export const factorLimits = { codesN: 10, pendingMs: minutes(30) } as const;

/** Whether accounts of the embedded sign-in must have a second factor, or may. */
export type FactorRule = "required" | "optional";

/** The rule that an environment sets; a word that is not known is the stricter one. */
export const factorRuleOf = (env: Readonly<Record<string, string | undefined>>): FactorRule =>
  ["", "optional"].includes(env.ACCORD_SECOND_FACTOR?.trim() ?? "") ? "optional" : "required";

/** What somebody typed: six digits of an authenticator, or a recovery code, with or without what parts its groups. */
export function typedCode(text: string): { kind: "totp" | "recovery"; code: string } {
  const code = text.replace(/[\s-]/g, "").toLowerCase();
  return { kind: /^\d{6}$/.test(code) ? "totp" : "recovery", code };
}

/** What is stored of a recovery code, of a person's own. One round of SHA-256 is enough for 125 random bits (ASVS 6.5.2). */
export const recoveryHash = (operatorId: string, code: string): string =>
  createHash("sha256")
    .update(`${operatorId} ${typedCode(code).code}`)
    .digest("hex");

/** The key that secrets are sealed with, made of the application's secret for this one use (HKDF, RFC 5869). */
export const sealingKeyOf = (secret: string): Buffer =>
  Buffer.from(hkdfSync("sha256", secret, "", "accord: secrets of second factors", 32));

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** A text that only the key opens, and only for whom it was sealed: AES-256-GCM, the nonce and the tag before the text. */
export function sealed(key: Buffer, text: string, forWhom: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(Buffer.from(forWhom));
  const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return `v1.${Buffer.concat([iv, cipher.getAuthTag(), body]).toString("base64url")}`;
}

/** The text again; null when it was sealed with another key, for somebody else, or was altered. */
export function unsealed(key: Buffer, text: string, forWhom: string): string | null {
  if (!text.startsWith("v1.")) return null;
  const bytes = Buffer.from(text.slice(3), "base64url");
  if (bytes.length < IV_BYTES + TAG_BYTES) return null;
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(forWhom)).setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString("utf8");
  } catch {
    return null;
  }
}
