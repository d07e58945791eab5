import { lookup } from "node:dns/promises";
import http from "node:http";
import https from "node:https";
import { isAllowedHost, mayReach } from "./addresses.rules";
import { answerOf, type CallAnswer } from "./answer.rules";

// What is read of a refusal; of every other answer nothing is.
const SAID_BYTES_MAX = 4_096;
const AFTER_MS_MAX = 15 * 60_000;
// Answers that ask for the same once more: it was too slow, too early, too much, or the first is still being worked on.
const AGAIN = new Set([408, 409, 425, 429]);

/** Where a call may go. `allow`: names of hosts, and networks that are not public; `allowedBy`: the key of the configuration that says so. */
export type Reach = { allow: readonly string[]; allowedBy: string };

export type Call = Reach & {
  url: URL;
  method: string;
  headers: Record<string, string>;
  body: string;
  timeoutMs: number;
};

/**
 * Makes one call over HTTP. The name is resolved once and the connection goes to that address, so that a name cannot lead elsewhere after it
 * was looked at; no redirect is followed, no connection kept, no proxy used. Never throws for what the other side does.
 */
export async function call(to: Call, stop?: AbortSignal): Promise<CallAnswer> {
  const limit = AbortSignal.timeout(to.timeoutMs);
  const until = stop ? AbortSignal.any([limit, stop]) : limit;
  const found = await reach(to.url.hostname, to, until);
  return "answer" in found ? found : exchange(to, found.address, until, stop);
}

/** The one address that is connected to, or why there is none. */
export async function reach(
  hostname: string,
  { allow, allowedBy }: Reach,
  until: AbortSignal,
): Promise<{ address: string } | CallAnswer> {
  if (!isAllowedHost(hostname, allow)) return answerOf("refused", `is not among the hosts that ${allowedBy} names`);
  try {
    const name = hostname.replace(/^\[|\]$/g, "");
    const addresses = await Promise.race([lookup(name, { all: true }), aborted(until)]);
    const allowed = addresses.find(({ address }) => mayReach(address, allow));
    if (allowed) return { address: allowed.address };
    return answerOf("refused", `is at an address that is not public and that ${allowedBy} does not name; nothing was sent`);
  } catch (error) {
    return answerOf("unreached", `could not be found by its name (${codeOf(error)})`);
  }
}

const aborted = (until: AbortSignal): Promise<never> =>
  new Promise((_, reject) => until.addEventListener("abort", () => reject(until.reason), { once: true }));

const codeOf = (error: unknown): string =>
  String((error as { code?: unknown }).code ?? (error as { name?: unknown }).name ?? "no answer");

function exchange(
  { url, method, headers, body, timeoutMs }: Call,
  address: string,
  until: AbortSignal,
  stop?: AbortSignal,
): Promise<CallAnswer> {
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
      answered(response).then((answer) => {
        request.destroy();
        resolve(answer);
      }, failed);
    });
    request.end(body);
  });
}

const isName = (hostname: string): boolean => !/^\[|^[\d.]+$/.test(hostname);

/** What a status says; only of a refusal it is read what the service said, within bounds. */
async function answered(response: http.IncomingMessage): Promise<CallAnswer> {
  const status = response.statusCode!;
  if (status >= 200 && status < 300) return answerOf("requested", `answered ${status}`);
  if (status >= 300 && status < 400) return answerOf("refused", `answered ${status}, a redirect, which is not followed`);
  if (status >= 500 || AGAIN.has(status)) return answerOf("unanswered", `answered ${status}`, "", afterOf(response));
  return answerOf("refused", `answered ${status}`, await saidIn(response));
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
