import { lookup } from "node:dns/promises";
import http from "node:http";
import https from "node:https";
import { isAllowedHost, mayReach } from "../../../presets/addresses.rules";
import { hostOf, requestFor, type ServiceCall, withoutCarried } from "../../../presets/call.rules";
import type { CallAnswer } from "../../callable";

// What is read of a refusal; of every other answer nothing is.
const SAID_BYTES_MAX = 4_096;
const AFTER_MS_MAX = 15 * 60_000;
// Answers that ask for the same once more: it was too slow, too early, too much, or the first is still being worked on.
const AGAIN = new Set([408, 409, 425, 429]);

const answerOf = (answer: CallAnswer["answer"], words: string, said = "", afterMs: number | null = null): CallAnswer => ({
  ...{ answer, words, said, afterMs },
});

/**
 * Makes one call. The name is resolved once and the connection goes to that address, so that a name cannot lead elsewhere after it was
 * looked at; no redirect is followed, no connection kept, no proxy used.
 */
export async function callService(
  call: ServiceCall,
  values: Readonly<Record<string, string>>,
  idempotencyKey: string,
  stop?: AbortSignal,
): Promise<CallAnswer> {
  const limit = AbortSignal.timeout(call.timeoutMs);
  const until = stop ? AbortSignal.any([limit, stop]) : limit;
  const { url, body, contentType } = requestFor(call, values);
  if (!isAllowedHost(url.hostname, call.allow)) return answerOf("refused", "is not among the hosts that retry.http.allow names");
  const found = await addressOf(url.hostname, call.allow, until);
  if ("answer" in found) return found;
  const headers = { "content-type": contentType, ...lowered(call.headers), "idempotency-key": idempotencyKey, host: url.host };
  return exchange({ ...call, url, headers, body }, found.address, until, stop);
}

const lowered = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** Why the service would not be called, found out without calling it; null where it would be. */
export async function problemOfCall(call: ServiceCall): Promise<string | null> {
  const { hostname } = hostOf(call);
  const found = await addressOf(hostname, call.allow, AbortSignal.timeout(call.timeoutMs));
  return "answer" in found ? found.words : null;
}

/** The one address that is connected to. */
async function addressOf(
  hostname: string,
  allow: readonly string[],
  until: AbortSignal,
): Promise<{ address: string } | CallAnswer> {
  try {
    const name = hostname.replace(/^\[|\]$/g, "");
    const addresses = await Promise.race([lookup(name, { all: true }), aborted(until)]);
    const allowed = addresses.find(({ address }) => mayReach(address, allow));
    if (allowed) return { address: allowed.address };
    return answerOf("refused", "is at an address that is not public and that retry.http.allow does not name; nothing was sent");
  } catch (error) {
    return answerOf("unreached", `could not be found by its name (${codeOf(error)})`);
  }
}

const aborted = (until: AbortSignal): Promise<never> =>
  new Promise((_, reject) => until.addEventListener("abort", () => reject(until.reason), { once: true }));

const codeOf = (error: unknown): string =>
  String((error as { code?: unknown }).code ?? (error as { name?: unknown }).name ?? "no answer");

type Exchange = { url: URL; method: string; headers: Record<string, string>; body: string; timeoutMs: number };

function exchange(
  to: Exchange & { allow: readonly string[] },
  address: string,
  until: AbortSignal,
  stop?: AbortSignal,
): Promise<CallAnswer> {
  const { url, method, headers, body, timeoutMs } = to;
  const secure = url.protocol === "https:";
  return new Promise((resolve) => {
    // Before the connection stands, nothing can have had an effect.
    let connected = false;
    const failed = (error: unknown): void => {
      const why = stop?.aborted
        ? "was asked, and Accord stopped before it answered"
        : until.aborted
          ? `did not answer within ${timeoutMs / 1_000} s`
          : `broke the connection off (${codeOf(error)})`;
      resolve(connected ? answerOf("unanswered", why) : answerOf("unreached", `could not be reached (${codeOf(error)})`));
    };
    const request = (secure ? https : http).request({
      ...{ host: address, port: url.port || (secure ? 443 : 80), path: url.pathname + url.search, method, signal: until },
      headers: { ...headers, "content-length": Buffer.byteLength(body) },
      ...{ agent: false, servername: isName(url.hostname) ? url.hostname : "", maxHeaderSize: 16_384 },
    });
    const stands = (): void => {
      connected = true;
    };
    request.on("socket", (socket) => socket.once(secure ? "secureConnect" : "connect", stands));
    request.on("error", failed);
    request.on("response", (response) => {
      // A status counts, whatever becomes of the rest.
      request.off("error", failed).on("error", () => {});
      response.on("error", () => {});
      answered(response, { url: url.href, headers }).then((answer) => {
        request.destroy();
        resolve(answer);
      }, failed);
    });
    request.end(body);
  });
}

const isName = (hostname: string): boolean => !/^\[|^[\d.]+$/.test(hostname);

/** What a status says; only of a refusal it is read what the service said, within bounds. */
async function answered(response: http.IncomingMessage, carried: Pick<ServiceCall, "url" | "headers">): Promise<CallAnswer> {
  const status = response.statusCode!;
  if (status >= 200 && status < 300) return answerOf("requested", `answered ${status}`);
  if (status >= 300 && status < 400) return answerOf("refused", `answered ${status}, a redirect, which is not followed`);
  if (status >= 500 || AGAIN.has(status)) return answerOf("unanswered", `answered ${status}`, "", afterOf(response));
  return answerOf("refused", `answered ${status}`, withoutCarried(await saidIn(response), carried));
}

function afterOf({ headers }: http.IncomingMessage): number | null {
  const seconds = Number(headers["retry-after"]);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1_000, AFTER_MS_MAX) : null;
}

/** The beginning of what it said, in one line; what of it does not come in time is left out. */
async function saidIn(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= SAID_BYTES_MAX) break;
    }
  } catch {
    // The status has been said.
  }
  const text = Buffer.concat(chunks).subarray(0, SAID_BYTES_MAX).toString("utf8");
  return text.replace(/[\p{C}\s]+/gu, " ").trim();
}
