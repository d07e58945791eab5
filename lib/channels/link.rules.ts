import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import type { Instant } from "../time";

/** What a link lets its holder do: take one alert · end the digests to one reader. A link for one is none for the other. */
export type LinkPurpose = "acknowledge" | "unsubscribe";

/** What a link says: what it is about, and until when it counts. */
export type SignedLink = { about: string; until: Instant };

// So that one is known as what it is wherever it turns up, and is left out there.
const BEGIN = "accord_link_";
// A reader and a channel with the longest names there are stay far below: of what is longer nothing is read.
const LENGTH_MAX = 1_000;
const MAC_BYTES = 32;
const TIME_BYTES = 6;

/** The key that links are signed with, made of the application's secret for this one use (HKDF, RFC 5869). */
export const linkKeyOf = (secret: string): Buffer =>
  Buffer.from(hkdfSync("sha256", secret, "", "accord: links in messages", MAC_BYTES));

/** What stands in a link: the same for the same, so that a message that is sent again carries the same (HMAC-SHA-256, RFC 2104). */
export function signLink(key: Buffer, purpose: LinkPurpose, { about, until }: SignedLink): string {
  const time = Buffer.alloc(TIME_BYTES);
  time.writeUIntBE(until, 0, TIME_BYTES);
  const said = Buffer.concat([time, Buffer.from(about, "utf8")]);
  return BEGIN + Buffer.concat([macOf(key, purpose, said), said]).toString("base64url");
}

/** What a link says; null for one that was altered, was signed with another key or for another purpose, or is none. Whether it still counts is the store's clock's to say. */
export function readLink(key: Buffer, purpose: LinkPurpose, text: string): SignedLink | null {
  if (!text.startsWith(BEGIN) || text.length > LENGTH_MAX) return null;
  const bytes = Buffer.from(text.slice(BEGIN.length), "base64url");
  const said = bytes.subarray(MAC_BYTES);
  if (said.length < TIME_BYTES || !timingSafeEqual(bytes.subarray(0, MAC_BYTES), macOf(key, purpose, said))) return null;
  // Of the texts that mean the same bytes, one is the link.
  if (bytes.toString("base64url") !== text.slice(BEGIN.length)) return null;
  return { until: said.readUIntBE(0, TIME_BYTES), about: said.subarray(TIME_BYTES).toString("utf8") };
}

const macOf = (key: Buffer, purpose: LinkPurpose, said: Buffer): Buffer =>
  createHmac("sha256", key).update(`${purpose}\n`).update(said).digest();

/** A text without the links in it, for what a receiver says of what it was sent. */
export const withoutLinks = (text: string): string => text.replace(/accord_link_[\w-]*/g, "•••");
