import {
  type ChannelConfig,
  channelLimits,
  type Digest,
  type HttpChannel,
  heartbeatKinds,
  publicChannel,
  type Route,
  type Telling,
} from "../channels/rules";
import { isAllowedHost, isNetwork, mayReach } from "../platform/addresses.rules";
import { listed } from "../words";
import type { Environment } from "./environment";
import { nearest } from "./found-words";
import type { Path } from "./path.rules";
import type { AccordInput } from "./shape-sources";
import type { Hidden } from "./validate";
import { durationMs } from "./values";

type ChannelInput = NonNullable<AccordInput["channels"]>[string];
type Field = keyof ChannelInput;
type Found = { path: Path; message: string };

/** What each kind needs, and what it may have beside what every channel may. */
const fields: Record<ChannelInput["kind"], { needs: readonly Field[]; may: readonly Field[] }> = {
  webhook: { needs: ["url"], may: ["secret", "headers"] },
  slack: { needs: ["url"], may: [] },
  teams: { needs: ["url"], may: [] },
  pagerduty: { needs: ["routing_key"], may: ["url"] },
  alertmanager: { needs: ["url"], may: ["headers"] },
  email: { needs: ["smtp", "from", "to"], may: ["tls"] },
  exec: { needs: ["command"], may: [] },
};
const everywhere: readonly Field[] = ["kind", "allow", "timeout", "per_minute", "acknowledge", "heartbeat"];
const said: Partial<Record<Field, string>> = {
  url: "an address, with what is secret of it as an environment variable",
  routing_key: "an integration's key, as an environment variable",
  smtp: "a mail server such as smtps://host, with its password as an environment variable",
  from: "the address that it comes from",
  to: "a list of addresses of e-mail",
  command: "a list of a program's file and its arguments",
};

const PAGERDUTY = "https://events.pagerduty.com/v2/enqueue";

/** Whom Accord tells what, beyond the form of each field. No value is repeated: it may hold a secret. */
export function tellingProblems(input: AccordInput, hidden: Hidden, environment: Environment): Found[] {
  const channels = Object.entries(input.channels ?? {});
  return [
    ...channels.flatMap(([name, channel]) =>
      problemsOf(channel, (field) => hidden(["channels", name, field]) !== null, environment).map(({ path, message }) => ({
        path: ["channels", name, ...path],
        message,
      })),
    ),
    ...namedChannels(input).flatMap(({ path, name, digest }) => {
      const message = notTold(name, digest, input.channels ?? {});
      return message === null ? [] : [{ path, message }];
    }),
    ...(input.digests ?? []).flatMap(({ every, on }, i) =>
      every === "day" && on !== undefined
        ? [{ path: ["digests", i, "on"], message: "Expected no day beside every: day, which is each of them." }]
        : [],
    ),
  ];
}

function problemsOf(channel: ChannelInput, isVariable: (field: Field) => boolean, environment: Environment): Found[] {
  const { needs, may } = fields[channel.kind];
  const strange = (Object.keys(channel) as Field[]).find((field) => ![...needs, ...may, ...everywhere].includes(field));
  if (strange)
    return [
      {
        path: [strange],
        message: `Expected no ${strange} at a channel of kind ${channel.kind}, which takes ${listed([...needs, ...may])}.`,
      },
    ];
  const missing = needs.find((field) => channel[field] === undefined);
  if (missing) return [{ path: [missing], message: `${missing} is missing: expected ${said[missing]}.` }];
  const written = secretsOf(channel).find((field) => !isVariable(field));
  if (written) return [{ path: [written], message: `Expected ${written} as an environment variable, found it written out.` }];
  return [...valueProblems(channel, environment), ...reachProblems(channel)];
}

/** The fields whose values are secrets as a whole, or hold one. */
function secretsOf({ kind, secret, routing_key, smtp }: ChannelInput): Field[] {
  return [
    ...(kind === "slack" || kind === "teams" ? ["url" as const] : []),
    ...(secret === undefined ? [] : ["secret" as const]),
    ...(routing_key === undefined ? [] : ["routing_key" as const]),
    ...(smtp !== undefined && new URL(smtp).password !== "" ? ["smtp" as const] : []),
  ];
}

function valueProblems(channel: ChannelInput, environment: Environment): Found[] {
  const { kind, secret, smtp, tls, heartbeat, headers = {} } = channel;
  if (heartbeat && !heartbeatKinds.includes(kind))
    return [
      {
        path: ["heartbeat"],
        message: `Expected a heartbeat of kind ${listed([...heartbeatKinds])}: people are not sent something each minute.`,
      },
    ];
  // Between 24 and 64 bytes: standardwebhooks, "Signature scheme".
  if (secret !== undefined && !isWebhookSecret(secret))
    return [{ path: ["secret"], message: "Expected whsec_ and 24 to 64 bytes in base64, found something else." }];
  if (Object.keys(headers).some((header) => /^(webhook-|content-type$)/i.test(header)))
    return [
      { path: ["headers"], message: "Expected headers other than Content-Type and those of the signature, which Accord says." },
    ];
  if (tls === "disable" && smtp !== undefined && (smtp.startsWith("smtps:") || new URL(smtp).password !== ""))
    return [
      { path: ["tls"], message: "Expected TLS where there is a password or smtps://, which would go out in the open otherwise." },
    ];
  if (kind === "exec" && environment.ACCORD_EXEC !== "allow")
    return [
      {
        path: ["kind"],
        message: "Expected the worker's environment to have ACCORD_EXEC=allow: a channel that runs a program is off otherwise.",
      },
    ];
  return [];
}

function isWebhookSecret(text: string): boolean {
  const base64 = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text)?.[1];
  const bytes = base64 === undefined ? 0 : Buffer.from(base64, "base64").length;
  return bytes >= 24 && bytes <= 64;
}

function reachProblems({ url, smtp, allow = [] }: ChannelInput): Found[] {
  const [field, address] = smtp === undefined ? ["url", url] : ["smtp", smtp];
  if (address === undefined) return [];
  const host = new URL(address).hostname.replace(/^\[|\]$/g, "");
  if (!isAllowedHost(host, allow))
    return [{ path: ["allow"], message: `Expected the host of ${field} among those that may be reached, found others only.` }];
  if (isNetwork(host) && !mayReach(host, allow))
    return [{ path: [field!], message: "Expected a public address, or its network such as 10.0.0.0/8 under allow." }];
  return [];
}

function namedChannels({ routes = [], digests = [] }: AccordInput): { path: Path; name: string; digest: boolean }[] {
  return [
    ...routes.flatMap(({ to, escalate = [] }, i) => [
      ...to.map((name, n) => ({ path: ["routes", i, "to", n], name, digest: false })),
      ...escalate.flatMap((step, s) => step.map((name, n) => ({ path: ["routes", i, "escalate", s, n], name, digest: false }))),
    ]),
    ...digests.flatMap(({ to }, i) => to.map((name, n) => ({ path: ["digests", i, "to", n], name, digest: true }))),
  ];
}

const digestKinds: readonly string[] = ["email", "webhook", "slack", "teams", "exec"];

function notTold(name: string, digest: boolean, channels: Readonly<Record<string, ChannelInput>>): string | null {
  const channel = Object.hasOwn(channels, name) ? channels[name] : undefined;
  if (channel === undefined) return `Expected a channel, found "${name}"; ${knownWords(name, Object.keys(channels))}`;
  if (channel.heartbeat) return `Expected a channel that is told of alerts, found "${name}", which is a heartbeat.`;
  if (digest && !digestKinds.includes(channel.kind))
    return `Expected a channel that people read, found "${name}" of kind ${channel.kind}.`;
  return null;
}

const knownWords = (name: string, known: string[]): string => {
  const near = nearest(name, known);
  return near ? `did you mean "${near}"?` : known.length === 0 ? "there is none." : `known are ${listed(known)}.`;
};

/** The channels with every default applied. */
export function normalChannels({ channels = {} }: AccordInput): ChannelConfig[] {
  return Object.entries(channels).map(([name, channel]) => {
    const { heartbeat = false, per_minute, timeout, allow = [], acknowledge = "sign_in" } = channel;
    const common = {
      ...{ name, heartbeat, allow, acknowledge },
      perMinute: per_minute ?? channelLimits.perMinute,
      timeoutMs: timeout === undefined ? channelLimits.timeoutMs : durationMs(timeout)!,
    };
    switch (channel.kind) {
      case "email": {
        const { smtp = "", from = "", to = [], tls = "require" } = channel;
        return { ...common, kind: "email", smtp, from, to, tls };
      }
      case "exec":
        return { ...common, kind: "exec", command: channel.command ?? [] };
      default:
        return normalHttp(common, channel);
    }
  });
}

function normalHttp(common: Omit<HttpChannel, "kind" | "url">, channel: ChannelInput): HttpChannel {
  const { kind, url = PAGERDUTY, secret = null, headers = {}, routing_key = "" } = channel;
  if (kind === "pagerduty") return { ...common, kind, url, routingKey: routing_key };
  if (kind === "alertmanager") return { ...common, kind, url, headers };
  if (kind === "slack" || kind === "teams") return { ...common, kind, url };
  return { ...common, kind: "webhook", url, secret, headers };
}

const minuteOf = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));

function normalRoutes({ routes = [] }: AccordInput): Route[] {
  return routes.map(({ zones = [], owners = [], severity = null, days = [], hours, time_zone = "UTC", to, escalate = [] }) => ({
    ...{ zones, owners, severity, days, to, escalate, timeZone: time_zone },
    hours: hours === undefined ? null : { from: minuteOf(hours), to: minuteOf(hours.slice(6)) },
  }));
}

function normalDigests({ digests = [] }: AccordInput): Digest[] {
  return digests.map(({ every, on = "mon", at = "08:00", time_zone = "UTC", owner = null, to }) => ({
    ...{ every, on, owner, to, at: minuteOf(at), timeZone: time_zone },
  }));
}

/** Whom Accord tells what, without a secret. */
export const tellingOf = (input: AccordInput, channels: readonly ChannelConfig[]): Telling => ({
  channels: channels.map(publicChannel),
  routes: normalRoutes(input),
  digests: normalDigests(input),
});
