import { Refusal } from "@/lib/refusal";

type Fault = Error & { code?: unknown };

// Connection refused, reset, not found or late; the server shuts down, is full or not ready.
const AWAY = new Set(["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "ETIMEDOUT", "EPIPE", "57P01", "57P02", "57P03", "53300"]);
const AWAY_WORDS = /timeout exceeded when trying to connect|Connection terminated/;

/** The innermost cause: query builders wrap it in a message that holds the statement and its values. */
function causeOf(error: unknown): Fault | null {
  if (!(error instanceof Error)) return null;
  return causeOf(error.cause) ?? error;
}

/** Faults of the store that are an answer in words; null for what nobody foresaw. */
export function refusalOf(error: unknown): Refusal | null {
  if (error instanceof Refusal) return error;
  const cause = causeOf(error);
  const code = typeof cause?.code === "string" ? cause.code : "";
  if (code === "57014")
    return new Refusal("unavailable", "This took longer than Accord allows. Narrow the time range or the filter.");
  if (code === "40001" || code === "40P01")
    return new Refusal("conflict", "Somebody changed this at the same moment. Try again.");
  if (AWAY.has(code) || code.startsWith("08") || AWAY_WORDS.test(cause?.message ?? ""))
    return new Refusal("unavailable", "Accord's store does not answer. Try again in a moment.");
  return null;
}

/** What may be logged of a fault: the innermost message and where it came from, never a statement or its values. */
export function faultFacts(error: unknown): { name: string; code: unknown; message: string; at: string[] } {
  const cause = causeOf(error);
  if (!cause) return { name: "unknown", code: null, message: typeof error, at: [] };
  const frames = (error instanceof Error ? (error.stack ?? "") : "").split("\n").filter((line) => /^\s+at /.test(line));
  return {
    name: cause.name,
    code: cause.code ?? null,
    message: cause.message,
    at: frames.slice(0, 8).map((line) => line.trim()),
  };
}
