import { Webhook } from "standardwebhooks";
import type { CallAnswer } from "../platform/answer.rules";
import { call } from "../platform/call";
import type { Instant } from "../time";
import { alertmanagerBody, pagerdutyBodies, slackBody, teamsBody, watchdogBody, webhookBody } from "./bodies.rules";
import type { Message } from "./message.rules";
import type { HttpChannel } from "./rules";

/** Sends a message over HTTP; of several requests the first that is not taken is the answer. */
export async function sendOverHttp(
  channel: HttpChannel,
  id: string,
  message: Message,
  at: Instant,
  stop?: AbortSignal,
): Promise<CallAnswer> {
  let answer: CallAnswer | null = null;
  for (const body of bodiesOf(channel, message)) {
    answer = await post(channel, id, body, at, stop);
    if (answer.answer !== "requested") return answer;
  }
  return answer!;
}

function bodiesOf(channel: HttpChannel, message: Message): unknown[] {
  switch (channel.kind) {
    case "webhook":
      return [webhookBody(message)];
    case "slack":
      return [slackBody(message)];
    case "teams":
      return [teamsBody(message)];
    case "pagerduty":
      return pagerdutyBodies(message, channel.routingKey);
    case "alertmanager":
      return [alertmanagerBody(message)];
  }
}

/** Tells a dead man's switch that Accord lives. */
export function beatOverHttp(channel: HttpChannel, id: string, environment: string, at: Instant): Promise<CallAnswer> {
  const timestamp = new Date(at).toISOString();
  const body =
    channel.kind === "alertmanager"
      ? watchdogBody(environment, at)
      : { type: "accord.heartbeat", timestamp, data: { environment } };
  return post(channel, id, body, at);
}

async function post(channel: HttpChannel, id: string, said: unknown, at: Instant, stop?: AbortSignal): Promise<CallAnswer> {
  const url = new URL(channel.kind === "alertmanager" ? `${channel.url.replace(/\/+$/, "")}/api/v2/alerts` : channel.url);
  const body = JSON.stringify(said);
  const headers = {
    ...("headers" in channel ? channel.headers : {}),
    "content-type": "application/json",
    "user-agent": "Accord",
    host: url.host,
    ...(channel.kind === "webhook" ? signature(channel.secret, id, at, body) : {}),
  };
  const allowedBy = `channels.${channel.name}.allow`;
  const answer = await call(
    { url, method: "POST", headers, body, timeoutMs: channel.timeoutMs, allow: channel.allow, allowedBy },
    stop,
  );
  return { ...answer, said: withoutSecrets(answer.said, channel) };
}

/** The headers of Standard Webhooks: the id is the same each time, the time is this attempt's. Without a secret nothing is signed. */
function signature(secret: string | null, id: string, at: Instant, body: string): Record<string, string> {
  const unsigned = { "webhook-id": id, "webhook-timestamp": String(Math.floor(at / 1_000)) };
  return secret === null ? unsigned : { ...unsigned, "webhook-signature": new Webhook(secret).sign(id, new Date(at), body) };
}

// Shorter than this, what is left out would spoil words and hide nothing worth hiding.
const SECRET_CHARS_MIN = 6;

/** What a receiver said, without what the channel holds: its key, its headers, and what is in the path and the query of its address. */
function withoutSecrets(text: string, channel: HttpChannel): string {
  const { pathname, search } = new URL(channel.url);
  const held = [
    ...pathname.split("/"),
    search,
    ...("routingKey" in channel ? [channel.routingKey] : []),
    ...("secret" in channel && channel.secret !== null ? [channel.secret] : []),
    ...("headers" in channel ? Object.values(channel.headers).flatMap((value) => [value, ...value.split(/\s+/)]) : []),
  ].filter((secret) => secret.length >= SECRET_CHARS_MIN);
  return held.sort((a, b) => b.length - a.length).reduce((safe, secret) => safe.replaceAll(secret, "•••"), text);
}
