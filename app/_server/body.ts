import { Refusal } from "@/lib/refusal";

const BODY_BYTES_MAX = 65_536;
const TOO_LARGE = "The request is larger than 64 KB.";

/** The JSON object that a request carries, read no further than its limit. An empty body is an empty object. */
export async function bodyOf(request: Request): Promise<Record<string, unknown>> {
  if (!/^application\/json\s*(;|$)/i.test(request.headers.get("content-type") ?? ""))
    throw new Refusal("invalid", "The request must say content-type: application/json.");
  const text = await textOf(request);
  if (text === "") return {};
  const value = parsed(text);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Refusal("invalid", "The request must be a JSON object.");
}

/** The caller's name for one intent, so that a repeat is the same act. */
export function idempotencyKeyOf(headers: Headers): string {
  const key = headers.get("idempotency-key") ?? "";
  if (/^[\x21-\x7e]{1,200}$/.test(key)) return key;
  throw new Refusal("invalid", "The request needs an Idempotency-Key of 1 to 200 visible ASCII characters.");
}

/** What a request carries as text, read no further than its limit. */
export async function textOf(request: Request): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request.body ?? []) {
    size += part.byteLength;
    if (size > BODY_BYTES_MAX) throw new Refusal("invalid", TOO_LARGE);
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal("invalid", "The request is not JSON.");
  }
}
