import { days, type Instant, minutes } from "../time";
import { dedupKey, type Message } from "./message.rules";

const iso = (at: Instant): string => new Date(at).toISOString();
const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** What a receiver of webhooks gets, in the form that Standard Webhooks recommends: a type, a time, and the data. */
export const webhookBody = (message: Message) => ({
  type: `accord.${message.kind === "channel" || message.kind === "more" ? "notice" : message.alert ? `alert.${message.kind}` : message.kind}`,
  timestamp: iso(message.at),
  data: { ...message, at: iso(message.at), alert: message.alert && { ...message.alert, raisedAt: iso(message.alert.raisedAt) } },
});

const facts = ({ alert, runbook }: Message): [string, string][] => [
  ...(alert === null ? [] : [["Zone", alert.zone] as [string, string], ["Condition", alert.condition] as [string, string]]),
  ...(alert === null || alert.cause === "" ? [] : [["About", alert.cause] as [string, string]]),
  ...(runbook === null ? [] : [["Runbook", runbook] as [string, string]]),
];

/** Where a message leads: to what it is about, and to what may be done about it. */
const pagesOf = ({ link, links = {} }: Message): { name: string; url: string }[] => [
  ...(link === null ? [] : [{ name: "Open in Accord", url: link }]),
  ...(links.acknowledge === undefined ? [] : [{ name: "Acknowledge", url: links.acknowledge }]),
  ...(links.unsubscribe === undefined ? [] : [{ name: "Unsubscribe from digests", url: links.unsubscribe }]),
];

// What Slack reads as its own: https://docs.slack.dev/messaging/formatting-message-text.
const inSlack = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** A message of Slack's incoming webhooks, which others take as well. */
export function slackBody(message: Message) {
  const { title, sentence, environment, sections = [] } = message;
  const buttons = pagesOf(message).map(({ name, url }) => ({ type: "button", text: { type: "plain_text", text: name }, url }));
  const section = (text: string) => ({ type: "section", text: { type: "mrkdwn", text: cut(text, 3_000) } });
  const lines = facts(message).map(([name, value]) => `*${name}:* ${inSlack(value)}`);
  return {
    text: cut(inSlack(`${title}: ${sentence}`), 3_000),
    blocks: [
      { type: "header", text: { type: "plain_text", text: cut(title, 150) } },
      section(inSlack(sentence)),
      ...(lines.length === 0 ? [] : [section(lines.join("\n"))]),
      ...sections
        .slice(0, 20)
        .map((one) => section(`*${inSlack(one.title)}*\n${one.lines.map((line) => `• ${inSlack(line)}`).join("\n")}`)),
      { type: "context", elements: [{ type: "plain_text", text: cut(`Accord, ${environment}`, 150) }] },
      ...(buttons.length === 0 ? [] : [{ type: "actions", elements: buttons }]),
    ],
  };
}

/** An adaptive card in the envelope that a workflow of Microsoft Teams takes. */
export function teamsBody(message: Message) {
  const { title, sentence, environment, sections = [], urgent, over } = message;
  const text = (words: string, more: object = {}) => ({ type: "TextBlock", text: cut(words, 4_000), wrap: true, ...more });
  const content = {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    type: "AdaptiveCard",
    version: "1.4",
    body: [
      text(title, { size: "Medium", weight: "Bolder", color: over ? "Good" : urgent ? "Attention" : "Default" }),
      text(sentence),
      {
        type: "FactSet",
        facts: [...facts(message), ["Environment", environment]].map(([name, value]) => ({ title: name, value })),
      },
      ...sections.flatMap((one) => [text(one.title, { weight: "Bolder" }), ...one.lines.map((line) => text(`- ${line}`))]),
    ],
    actions: pagesOf(message).map(({ name, url }) => ({ type: "Action.OpenUrl", title: name, url })),
  };
  return {
    type: "message",
    attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", contentUrl: null, content }],
  };
}

/** Events of PagerDuty's Events API v2: all about one thing under one key. A test ends the incident that it begins. */
export function pagerdutyBodies(message: Message, routingKey: string) {
  const { title, sentence, link, environment, urgent, over, kind, alert, at, runbook } = message;
  const base = { routing_key: routingKey, dedup_key: dedupKey(message) };
  const trigger = {
    ...base,
    event_action: "trigger",
    payload: {
      summary: cut(`${title}: ${sentence}`, 1_024),
      source: cut(alert?.zoneId ?? "accord", 255),
      severity: kind === "test" ? "info" : urgent ? "critical" : "warning",
      timestamp: iso(at),
      component: alert?.zoneId ?? "accord",
      group: environment,
      class: alert?.condition ?? kind,
      custom_details: { ...alert, runbook },
    },
    client: `Accord, ${environment}`,
    ...(link === null ? {} : { client_url: link, links: pagesOf(message).map(({ name, url }) => ({ href: url, text: name })) }),
  };
  const resolve = { ...base, event_action: "resolve" };
  if (kind === "test") return [trigger, resolve];
  if (over) return [resolve];
  return kind === "acknowledged" ? [{ ...base, event_action: "acknowledge" }] : [trigger];
}

// Alertmanager ends what has no end after five minutes of silence; Accord says itself when it is over.
const STANDS_MS = days(30);

/** Alerts of Alertmanager's API v2. What has the same labels is the same alert there. */
export function alertmanagerBody(message: Message) {
  const { kind, title, sentence, link, links, environment, alert, at, over, urgent, subject, runbook } = message;
  const labels = alert
    ? {
        alertname: "Accord",
        zone: alert.zoneId,
        condition: alert.condition,
        ...(alert.cause === "" ? {} : { cause: alert.cause }),
        owner: alert.owner,
      }
    : { alertname: `Accord ${kind}`, subject };
  const endsAt = over ? at : kind === "test" ? at + minutes(1) : kind === "more" ? at + minutes(60) : at + STANDS_MS;
  return [
    {
      labels: { ...labels, environment, severity: urgent ? "page" : "ticket" },
      annotations: {
        ...{ summary: title, description: sentence },
        ...(runbook === null ? {} : { runbook }),
        ...(links?.acknowledge === undefined ? {} : { acknowledge: links.acknowledge }),
      },
      startsAt: iso(alert?.raisedAt ?? at),
      endsAt: iso(endsAt),
      ...(link === null ? {} : { generatorURL: link }),
    },
  ];
}

/** What a dead man's switch is sent in Alertmanager's form: an alert that always stands, and ends by itself when Accord is silent. */
export const watchdogBody = (environment: string, at: Instant) => [
  {
    labels: { alertname: "AccordWatchdog", environment, severity: "none" },
    annotations: { summary: "Accord judges: this alert always stands, and its end is what to be told of." },
    startsAt: iso(at),
    endsAt: iso(at + minutes(4)),
  },
];

const inHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** An e-mail: what it is called, and what it says as text and as HTML. */
export function mailOf(message: Message): { subject: string; text: string; html: string } {
  const { title, sentence, environment, sections = [] } = message;
  const rest = facts(message);
  const pages = pagesOf(message);
  const text = [
    sentence,
    ...rest.map(([name, value]) => `${name}: ${value}`),
    ...sections.map((one) => [one.title, ...one.lines.map((line) => `- ${line}`)].join("\n")),
    ...pages.map(({ name, url }) => `${name}: ${url}`),
    `Accord, ${environment}`,
  ].join("\n\n");
  const p = (inner: string) => `<p>${inner}</p>`;
  const html = [
    p(inHtml(sentence)),
    ...(rest.length === 0 ? [] : [p(rest.map(([name, value]) => `<b>${inHtml(name)}</b>: ${inHtml(value)}`).join("<br>"))]),
    ...sections.map(
      (one) => `<h3>${inHtml(one.title)}</h3><ul>${one.lines.map((line) => `<li>${inHtml(line)}</li>`).join("")}</ul>`,
    ),
    ...pages.map(({ name, url }) => p(`<a href="${inHtml(url)}">${inHtml(name)}</a>`)),
    p(`<small>Accord, ${inHtml(environment)}</small>`),
  ].join("\n");
  // One line, whatever a condition or a title holds.
  const subject = cut(`[${environment}] ${title}`.replace(/[\p{C}\s]+/gu, " ").trim(), 200);
  return { subject, text, html: `<!doctype html><html lang="en"><body>${html}</body></html>` };
}
