import type { CallAnswer } from "../platform/answer.rules";
import type { Instant } from "../time";
import { webhookBody } from "./bodies.rules";
import { sendByEmail } from "./email";
import { sendToProgram } from "./exec";
import { beatOverHttp, sendOverHttp } from "./http";
import type { Message } from "./message.rules";
import type { ChannelConfig } from "./rules";

/** Sends one message under its id, once, within the channel's time limit. Never throws for what the other side does. */
export function send(channel: ChannelConfig, id: string, message: Message, at: Instant, stop?: AbortSignal): Promise<CallAnswer> {
  switch (channel.kind) {
    case "email":
      return sendByEmail(channel, id, message, stop);
    case "exec":
      return sendToProgram(channel, { id, ...webhookBody(message) }, stop);
    default:
      return sendOverHttp(channel, id, message, at, stop);
  }
}

/** Tells a dead man's switch once that Accord lives. */
export function beat(channel: ChannelConfig, id: string, environment: string, at: Instant): Promise<CallAnswer> {
  if (channel.kind === "exec")
    return sendToProgram(channel, { id, type: "accord.heartbeat", timestamp: new Date(at).toISOString(), data: { environment } });
  if (channel.kind === "email") throw new Error(`${channel.name} is no heartbeat: people read it.`);
  return beatOverHttp(channel, id, environment, at);
}
