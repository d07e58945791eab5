// Apart from what reads input, so that a screen that asks the same of a text brings no library along.
import { days, hours, minutes, seconds } from "./time";

/** Whether the store can hold a text: PostgreSQL knows no NUL, and its JSON no half of a surrogate pair. */
export const isStorable = (text: string): boolean => !text.includes("\u0000") && !/\p{Surrogate}/u.test(text);

/** What is said of a text that is not. */
export const NOT_STORABLE = "holds a character that no text has";

/** Whether every character of a text can be seen: none that controls a screen, or turns the order of what stands around it. */
export const isVisible = (text: string): boolean =>
  isStorable(text) && !/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u.test(text);

/** What is said of a name that is not. */
export const NOT_VISIBLE = "holds a character that cannot be seen";

/** The latest instant that a Date and the store both know, in epoch ms. */
export const INSTANT_MAX = 8.64e15;

const spanUnits = { s: seconds(1), m: minutes(1), h: hours(1), d: days(1) } as const;

/** A span back from now, `30m`, `<24h`, `7d`, in milliseconds; null for what is none. */
export function spanOf(text: string): number | null {
  const match = /^<?(\d{1,5})(s|m|h|d)$/.exec(text.trim());
  return match ? Number(match[1]) * spanUnits[match[2] as keyof typeof spanUnits] : null;
}
