import { learnServerNow } from "@/components/ui/clock";
import { parseJson } from "@/lib/json";
import type { RefusalKind } from "@/lib/refusal";

/** A "no" from the API, in its words; `unreachable` when there was no answer at all. */
export class Refused extends Error {
  constructor(
    readonly kind: RefusalKind | "unreachable",
    message: string,
    readonly detail: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = "Refused";
  }
}

const ANSWER_WITHIN_MS = 10_000;

/** The value at a path of the API. */
export function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  const limit = AbortSignal.timeout(ANSWER_WITHIN_MS);
  return answer<T>(
    fetch(path, { headers: { accept: "application/json" }, signal: signal ? AbortSignal.any([signal, limit]) : limit }),
  );
}

/** Asks for an effect. The key is made once per intent, so that a repeat of the same press is the same effect. */
export function postJson<T>(path: string, body: unknown, idempotencyKey: string): Promise<T> {
  const headers = { accept: "application/json", "content-type": "application/json", "idempotency-key": idempotencyKey };
  return answer<T>(fetch(path, { method: "POST", headers, body: JSON.stringify(body), signal: AbortSignal.timeout(30_000) }));
}

/** A fresh key for one intent. randomUUID needs https, which a console on an inner network may lack. */
export function intentKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function answer<T>(pending: Promise<Response>): Promise<T> {
  const response = await pending.catch((error: unknown) => {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    const late = error instanceof DOMException && error.name === "TimeoutError";
    throw new Refused("unreachable", late ? "Accord did not answer in time." : "Accord cannot be reached from this browser.");
  });
  const body: unknown = await response
    .text()
    .then(parseJson)
    .catch(() => null);
  if (response.ok && isRecord(body) && "value" in body) {
    if (isRecord(body.value) && typeof body.value.now === "number") learnServerNow(body.value.now);
    return body.value as T;
  }
  if (isRecord(body) && isRecord(body.refusal)) {
    const { kind, message, detail } = body.refusal;
    throw new Refused(kind as RefusalKind, String(message), isRecord(detail) ? detail : {});
  }
  throw new Refused("unavailable", `Accord answered ${response.status} without a reason.`);
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
