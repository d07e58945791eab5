import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { Refusal } from "../refusal";

// One of the rows of scrypt parameters that OWASP holds to be equal: N = 2^15 takes 32 MB at a time, which a machine that also serves pages can spare.
const LOG_N = 15;
const R = 8;
const P = 3;
const KEY_BYTES = 32;
// Four run at once on libuv's threads; more than this waiting is a flood, and waiting would be worse than a plain no.
const WAITING_MAX = 32;

let waiting = 0;

/** A password as it is stored: scrypt with its parameters and salt. A smaller `logN` is for tests, where nobody steals anything. */
export async function hashPassword(password: string, logN = LOG_N): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, { logN, r: R, p: P });
  return `scrypt$${logN}$${R}$${P}$${salt.toString("base64url")}$${key.toString("base64url")}`;
}

/** Whether the password is the one that was stored. Without a stored one the work is done all the same, so that the time tells nothing. */
export async function passwordMatches(password: string, stored: string | null): Promise<boolean> {
  const [scheme, logN, r, p, salt, key] = (stored ?? nobody).split("$");
  if (scheme !== "scrypt" || !salt || !key) throw new Error("A stored password is not of the form scrypt$logN$r$p$salt$key.");
  const expected = Buffer.from(key, "base64url");
  const derived = await derive(password, Buffer.from(salt, "base64url"), { logN: Number(logN), r: Number(r), p: Number(p) });
  // A password that was stored when less work was asked for takes the same time, so that the time tells nothing of it either.
  const missing = Number(logN) === LOG_N ? P - Number(p) : 0;
  if (missing > 0) await derive(password, Buffer.alloc(16), { logN: LOG_N, r: R, p: missing });
  return timingSafeEqual(derived, expected) && stored !== null;
}

/** A password that nobody has to think of: five bits a letter, in groups of five, without letters that look alike. */
export function generatePassword(lettersN = 20): string {
  const letters = [...randomBytes(lettersN)].map((byte) => "abcdefghjkmnpqrstuvwxyz23456789X"[byte % 32]).join("");
  return letters.match(/.{5}/g)!.join("-");
}

const nobody = `scrypt$${LOG_N}$${R}$${P}$${Buffer.alloc(16).toString("base64url")}$${Buffer.alloc(KEY_BYTES).toString("base64url")}`;

async function derive(password: string, salt: Buffer, { logN, r, p }: { logN: number; r: number; p: number }): Promise<Buffer> {
  if (waiting >= WAITING_MAX) throw new Refusal("unavailable", "Too many people sign in at once. Try again in a moment.");
  waiting += 1;
  try {
    return await new Promise((resolve, reject) => {
      const options = { N: 2 ** logN, r, p, maxmem: 2 * 128 * 2 ** logN * r };
      scrypt(password.normalize("NFKC"), salt, KEY_BYTES, options, (error, key) => (error ? reject(error) : resolve(key)));
    });
  } finally {
    waiting -= 1;
  }
}
