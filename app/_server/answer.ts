import { randomUUID } from "node:crypto";
import { writeJson } from "@/lib/json";
import { type Refusal, type RefusalKind, refusalStatus } from "@/lib/refusal";
import { refusalOf } from "./fault";
import { log } from "./log";

// What is true for one person at one moment is kept by nobody on the way.
const headers = { "cache-control": "no-store" };

/** Runs work and answers with its value (a Response stands as it is), a refusal in words, or, for a fault, a number under which the log has the rest. */
export async function answer(request: Request, work: () => Promise<unknown>): Promise<Response> {
  try {
    const value = await work();
    return value instanceof Response
      ? value
      : new Response(writeJson({ value: value ?? null }), { headers: { ...headers, "content-type": "application/json" } });
  } catch (error) {
    const refusal = refusalOf(error);
    return refusal ? refused(request, refusal, error) : failed(request, error);
  }
}

function refused(request: Request, { kind, message, detail }: Refusal, error: unknown): Response {
  if (kind === "unavailable") log.warn({ ...place(request), fault: error }, message);
  return Response.json(
    { refusal: { kind, message, detail } },
    { status: refusalStatus[kind], headers: { ...headers, ...moreHeaders(kind, detail) } },
  );
}

function moreHeaders(kind: RefusalKind, { retryAfterS }: Record<string, unknown>): Record<string, string> {
  if (kind === "unauthenticated") return { "www-authenticate": "Bearer" };
  return kind === "throttled" && typeof retryAfterS === "number" ? { "retry-after": String(retryAfterS) } : {};
}

function failed(request: Request, error: unknown): Response {
  const requestId = randomUUID();
  log.error({ requestId, ...place(request), fault: error }, "a request failed");
  const message = `Something went wrong in Accord. The log has it as ${requestId}.`;
  return Response.json({ refusal: { kind: "unavailable", message, detail: { requestId } } }, { status: 500, headers });
}

// Without the query, which names business keys.
const place = (request: Request) => ({ method: request.method, path: new URL(request.url).pathname });
