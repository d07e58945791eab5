import type { CallAnswer } from "../../../platform/answer.rules";
import { call, reach } from "../../../platform/call";
import { hostOf, requestFor, type ServiceCall, withoutCarried } from "../../../presets/call.rules";

const ALLOWED_BY = "retry.http.allow";

/** Makes one call, under a key that makes a repeat harmless. */
export async function callService(
  to: ServiceCall,
  values: Readonly<Record<string, string>>,
  idempotencyKey: string,
  stop?: AbortSignal,
): Promise<CallAnswer> {
  const { url, body, contentType } = requestFor(to, values);
  const headers = { "content-type": contentType, ...lowered(to.headers), "idempotency-key": idempotencyKey, host: url.host };
  const answer = await call({ ...to, url, headers, body, allowedBy: ALLOWED_BY }, stop);
  return { ...answer, said: withoutCarried(answer.said, { url: url.href, headers }) };
}

const lowered = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** Why the service would not be called, found out without calling it; null where it would be. */
export async function problemOfCall(to: ServiceCall): Promise<string | null> {
  const found = await reach(hostOf(to).hostname, { ...to, allowedBy: ALLOWED_BY }, AbortSignal.timeout(to.timeoutMs));
  return "answer" in found ? found.words : null;
}
