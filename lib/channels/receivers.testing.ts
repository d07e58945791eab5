import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { Webhook } from "standardwebhooks";
import { z } from "zod";

/** What a receiver does with a request once it has read it. */
export type Conduct = "takes" | "500" | "hangs" | "redirects" | "resets" | "late" | "404";
export type Received = { kind: string; id: string | null; body: Record<string, unknown>; taken: boolean };

export const webhookSecret = `whsec_${Buffer.alloc(32, 9).toString("base64")}`;

const text = (most: number) => z.string().min(1).max(most);
const time = z.iso.datetime();

// As PagerDuty documents its Events API v2: https://developer.pagerduty.com/docs/send-alert-event.
const key = z.string().length(32);
const pagerdutyShape = z.discriminatedUnion("event_action", [
  z.strictObject({
    ...{ routing_key: key, event_action: z.literal("trigger"), dedup_key: text(255) },
    payload: z.strictObject({
      ...{ summary: text(1_024), source: text(255), severity: z.enum(["critical", "error", "warning", "info"]), timestamp: time },
      ...{ component: text(255), group: text(255), class: text(255), custom_details: z.record(z.string(), z.unknown()) },
    }),
    client: z.string(),
    client_url: z.url().optional(),
    links: z.array(z.strictObject({ href: z.url(), text: z.string() })).optional(),
  }),
  z.strictObject({ routing_key: key, event_action: z.literal("acknowledge"), dedup_key: text(255) }),
  z.strictObject({ routing_key: key, event_action: z.literal("resolve"), dedup_key: text(255) }),
]);

// As Slack documents blocks: https://docs.slack.dev/reference/block-kit/blocks. What it reads as its own is escaped.
const mrkdwn = z.strictObject({ type: z.literal("mrkdwn"), text: text(3_000).regex(/^([^<>&]|&(amp|lt|gt);)*$/) });
const plain = (most: number) => z.strictObject({ type: z.literal("plain_text"), text: text(most) });
const button = z.strictObject({ type: z.literal("button"), text: plain(75), url: z.url().max(3_000) });
const slackShape = z.strictObject({
  text: text(40_000),
  blocks: z
    .array(
      z.discriminatedUnion("type", [
        z.strictObject({ type: z.literal("header"), text: plain(150) }),
        z.strictObject({ type: z.literal("section"), text: mrkdwn }),
        z.strictObject({ type: z.literal("context"), elements: z.array(plain(2_000)).min(1).max(10) }),
        z.strictObject({ type: z.literal("actions"), elements: z.array(button).min(1).max(25) }),
      ]),
    )
    .max(50),
});

// As Microsoft documents what a workflow takes, and adaptive cards 1.4.
const block = z.discriminatedUnion("type", [
  z.strictObject({
    ...{
      type: z.literal("TextBlock"),
      text: z.string().min(1),
      wrap: z.boolean().optional(),
      size: z.enum(["Medium", "Large"]).optional(),
    },
    ...{
      weight: z.enum(["Bolder", "Default"]).optional(),
      color: z.enum(["Default", "Good", "Attention", "Warning"]).optional(),
    },
  }),
  z.strictObject({ type: z.literal("FactSet"), facts: z.array(z.strictObject({ title: z.string(), value: z.string() })) }),
]);
const teamsShape = z.strictObject({
  type: z.literal("message"),
  attachments: z
    .array(
      z.strictObject({
        contentType: z.literal("application/vnd.microsoft.card.adaptive"),
        contentUrl: z.null(),
        content: z.strictObject({
          ...{ $schema: z.url(), type: z.literal("AdaptiveCard"), version: z.literal("1.4"), body: z.array(block).min(1) },
          actions: z.array(z.strictObject({ type: z.literal("Action.OpenUrl"), title: z.string(), url: z.url() })),
        }),
      }),
    )
    .length(1),
});

// Alertmanager's own description: api/v2/openapi.yaml, postableAlerts; an end lies after its begin.
const labels = z.record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/), z.string().min(1));
const alertmanagerShape = z
  .array(
    z
      .strictObject({
        labels,
        annotations: z.record(z.string(), z.string()),
        startsAt: time,
        endsAt: time,
        generatorURL: z.url().optional(),
      })
      .refine(({ startsAt, endsAt }) => Date.parse(endsAt) >= Date.parse(startsAt)),
  )
  .min(1);

const shapes: Record<string, z.ZodType> = {
  pagerduty: pagerdutyShape,
  slack: slackShape,
  teams: teamsShape,
  alertmanager: alertmanagerShape,
};

function check(kind: string, headers: http.IncomingHttpHeaders, body: string): unknown {
  if (kind === "webhook") return new Webhook(webhookSecret).verify(body, headers as Record<string, string>);
  return shapes[kind]!.parse(JSON.parse(body));
}

/** A receiver over HTTP on this machine: `/<kind>`, which refuses whatever is not as that kind's makers document it. */
export async function openReceiver(conductOf: (received: Omit<Received, "taken">) => Conduct = () => "takes") {
  const received: Received[] = [];
  const refused: string[] = [];
  const late = new Set<Promise<void>>();
  const server = http.createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const kind = request.url!.replace(/^\/+/, "").split("/")[0]!;
    const id = (request.headers["webhook-id"] as string | undefined) ?? null;
    let said: unknown;
    try {
      said = check(kind, request.headers, body);
    } catch (error) {
      refused.push(`${kind}: ${(error as Error).message}`);
      return void response.writeHead(400).end("invalid_payload");
    }
    const one = { kind, id, body: said as Record<string, unknown> };
    const conduct = conductOf(one);
    received.push({ ...one, taken: conduct === "takes" || conduct === "late" });
    if (conduct === "hangs") return;
    if (conduct === "late") return void late.add(answerLate(response));
    if (conduct === "resets") return void request.socket.resetAndDestroy();
    if (conduct === "redirects") return void response.writeHead(307, { location: "/elsewhere" }).end();
    response.writeHead(conduct === "takes" ? 202 : Number(conduct)).end(conduct);
  });
  // After any time limit of these tests: whoever asked has gone.
  const answerLate = (response: http.ServerResponse) =>
    once(response, "close").then(() => {
      response.destroy();
    });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url, received, refused, close };
}

export type Mail = { from: string; to: string[]; raw: string };

/** A mail server on this machine. It refuses whoever has another password. */
export async function openMailServer() {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    ...{ authOptional: true, disabledCommands: ["STARTTLS"], logger: false },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom ? mailFrom.address : "",
          to: rcptTo.map(({ address }) => address),
          raw: Buffer.concat(chunks).toString("utf8"),
        });
        done();
      });
    },
    onRcptTo: ({ address }, _, done) =>
      address.startsWith("nobody") ? done(Object.assign(new Error("no such mailbox"), { responseCode: 550 })) : done(),
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.server.address() as AddressInfo;
  return { url: `smtp://127.0.0.1:${port}`, mails, close: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}
