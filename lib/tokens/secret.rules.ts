import { createHash, randomBytes } from "node:crypto";

/** A new secret: 256 random bits behind a mark by which scanners of repositories know it. */
export const makeSecret = (): string => `acc_${randomBytes(32).toString("base64url")}`;

/** What is stored of a secret. One round of SHA-256 is enough for 256 random bits: nobody can try them out, slow hash or not. */
export const secretHash = (secret: string): string => createHash("sha256").update(secret).digest("hex");

/** How a secret begins: enough to recognize it by, nothing to guess from. */
export const prefixOf = (secret: string): string => secret.slice(0, 10);
