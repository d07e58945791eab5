import { causeOf } from "@/lib/db/fault";
import { Refusal } from "@/lib/refusal";

// Connection refused, reset, not found or late; the server shuts down, is full or not ready.
const AWAY = new Set(["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "ETIMEDOUT", "EPIPE", "57P01", "57P02", "57P03", "53300"]);
const AWAY_WORDS = /timeout exceeded when trying to connect|Connection terminated/;

/** Faults of the store that are an answer in words; null for what nobody foresaw. */
export function refusalOf(error: unknown): Refusal | null {
  if (error instanceof Refusal) return error;
  const cause = causeOf(error);
  const code = typeof cause.code === "string" ? cause.code : "";
  if (code === "57014")
    return new Refusal("unavailable", "This took longer than Accord allows. Narrow the time range or the filter.");
  if (code === "40001" || code === "40P01")
    return new Refusal("conflict", "Somebody changed this at the same moment. Try again.");
  if (AWAY.has(code) || code.startsWith("08") || AWAY_WORDS.test(cause.message))
    return new Refusal("unavailable", "Accord's store does not answer. Try again in a moment.");
  return null;
}
