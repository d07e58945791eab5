import { createTransport } from "nodemailer";
import { answerOf, type CallAnswer } from "../platform/answer.rules";
import { reach } from "../platform/call";
import { mailOf } from "./bodies.rules";
import { dedupKey, type Message, type MessageLinks } from "./message.rules";
import type { EmailChannel } from "./rules";

/** Sends a message by e-mail, in one connection to the address that was looked at. Its Message-ID is the same each time. */
export async function sendByEmail(channel: EmailChannel, id: string, message: Message, stop?: AbortSignal): Promise<CallAnswer> {
  if (message.reader !== undefined && !channel.to.includes(message.reader))
    return answerOf("refused", "has another list of readers by now");
  const { hostname, port, protocol, username, password } = new URL(channel.smtp);
  const limit = AbortSignal.timeout(channel.timeoutMs);
  const until = stop ? AbortSignal.any([limit, stop]) : limit;
  const found = await reach(hostname, { allow: channel.allow, allowedBy: `channels.${channel.name}.allow` }, until);
  if ("answer" in found) return found;
  const secure = protocol === "smtps:";
  const open = channel.tls === "disable";
  const transport = createTransport({
    ...{ host: found.address, port: Number(port) || (secure ? 465 : 587), secure, requireTLS: !secure && !open, ignoreTLS: open },
    ...(username === "" ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    tls: { servername: hostname },
    ...{ connectionTimeout: channel.timeoutMs, greetingTimeout: channel.timeoutMs, socketTimeout: channel.timeoutMs },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });
  const ended = new Promise<never>((_, reject) => until.addEventListener("abort", () => reject(until.reason), { once: true }));
  try {
    await Promise.race([transport.sendMail(mailFor(channel, id, message)), ended]);
    return answerOf("requested", "took it");
  } catch (error) {
    return failed(error, channel, stop);
  } finally {
    transport.close();
  }
}

function mailFor({ from, to }: EmailChannel, id: string, message: Message) {
  const domain = from.split("@")[1]!;
  const thread = `<${dedupKey(message).replace(/[^A-Za-z0-9]+/g, ".")}@${domain}>`;
  return {
    ...{
      from,
      to: message.reader === undefined ? [...to] : [message.reader],
      messageId: `<${id}@${domain}>`,
      ...mailOf(message),
    },
    // Mail programs show all of one alert together.
    ...(message.alert === null ? {} : { references: thread, inReplyTo: thread }),
    headers: { "Auto-Submitted": "auto-generated", ...(message.kind === "digest" ? listHeaders(from, message.links) : {}) },
  };
}

/** How a mail program ends digests by itself: with one press where Accord is reached by https, as RFC 8058 demands; by a letter to the sender else. */
function listHeaders(from: string, { oneClick }: MessageLinks = {}): Record<string, string> {
  const letter = `<mailto:${from}?subject=unsubscribe>`;
  return oneClick?.startsWith("https:")
    ? { "List-Unsubscribe": `<${oneClick}>, ${letter}`, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" }
    : { "List-Unsubscribe": letter };
}

/** What a mail server said is kept to its code: its words repeat addresses. */
function failed(error: unknown, { timeoutMs }: EmailChannel, stop?: AbortSignal): CallAnswer {
  const { responseCode, code, name, command } = error as {
    responseCode?: number;
    code?: string;
    name?: string;
    command?: string;
  };
  if (stop?.aborted) return answerOf("unanswered", "was asked, and Accord stopped before it answered");
  if (name === "TimeoutError") return answerOf("unanswered", `did not answer within ${timeoutMs / 1_000} s`);
  if (responseCode !== undefined) return answerOf(responseCode >= 500 ? "refused" : "unanswered", `answered ${responseCode}`);
  const before = command === "CONN" || code === "ECONNECTION" || code === "ECONNREFUSED";
  return answerOf(
    before ? "unreached" : "unanswered",
    `${before ? "could not be reached" : "broke the connection off"} (${code ?? name})`,
  );
}
