import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Message } from "./message.rules";
import { type Conduct, openMailServer, openReceiver, webhookSecret } from "./receivers.testing";
import type { ChannelConfig, EmailChannel, HttpChannel } from "./rules";
import { beat, send } from "./send";

let conduct: Conduct;
let receiver: Awaited<ReturnType<typeof openReceiver>>;
let mail: Awaited<ReturnType<typeof openMailServer>>;
beforeAll(async () => {
  [receiver, mail] = await Promise.all([openReceiver(() => conduct), openMailServer()]);
});
afterAll(async () => {
  receiver.close();
  await mail.close();
});
beforeEach(() => {
  conduct = "takes";
  receiver.received.length = 0;
});

const NOW = Date.now();
const ID = "6f1c7c1e-0000-4000-8000-000000000001";
const KEY = "0123456789abcdef0123456789abcdef";
const common = {
  name: "one",
  heartbeat: false,
  perMinute: 30,
  timeoutMs: 300,
  allow: ["127.0.0.0/8"],
  acknowledge: "sign_in" as const,
};
const channels = (): HttpChannel[] => [
  {
    ...common,
    kind: "webhook",
    url: `${receiver.url}/webhook/s3cret-path`,
    secret: webhookSecret,
    headers: { "X-Tenant": "shop" },
  },
  { ...common, kind: "slack", url: `${receiver.url}/slack/T000/B000/s3cret-path` },
  { ...common, kind: "teams", url: `${receiver.url}/teams/s3cret-path` },
  { ...common, kind: "pagerduty", url: `${receiver.url}/pagerduty`, routingKey: KEY },
  { ...common, kind: "alertmanager", url: `${receiver.url}/alertmanager`, headers: {} },
];
const message = (more: Partial<Message> = {}): Message => ({
  ...{ kind: "raised", subject: "alert 12", environment: "shop", title: "Sales: <a> compensation failed & more" },
  sentence: "Raised: A compensation failed <script>. It is 2 now.",
  ...{ link: "https://accord.example/alerts/12", at: NOW, urgent: true, over: false, runbook: "Pay it back by hand" },
  alert: {
    ...{
      alertId: 12,
      zoneId: "sales",
      zone: "Sales",
      condition: "compensations_failed > 0",
      cause: "",
      severity: "page",
      level: 0,
    },
    ...{ raisedAt: NOW, owner: "checkout" },
  },
  links: { acknowledge: "https://accord.example/acknowledge#accord_link_signed" },
  ...more,
});
const kinds = ["raised", "escalated", "acknowledged", "cleared", "more", "channel", "digest", "test"] as const;

test("every message of every kind is as the makers of each channel document it", async () => {
  for (const channel of channels())
    for (const kind of kinds) {
      const more = ["more", "channel", "digest", "test"].includes(kind) ? { alert: null, subject: `${kind} 1` } : {};
      const sections = kind === "digest" ? { sections: [{ title: "What broke", lines: ["<b>", "two"] }] } : {};
      const answer = await send(channel, ID, message({ kind, over: kind === "cleared", ...more, ...sections }), NOW);
      expect([channel.kind, kind, answer.answer, answer.words]).toEqual([channel.kind, kind, "requested", "answered 202"]);
    }
  expect(receiver.refused).toEqual([]);
});

test("a webhook is signed for its id and this attempt's time, and says what happened", async () => {
  await send(channels()[0]!, ID, message(), NOW);
  await send(channels()[0]!, ID, message(), NOW + 1_000);
  expect(receiver.received).toMatchObject([{ id: ID }, { id: ID }]);
  expect(receiver.received[0]!.body).toMatchObject({
    type: "accord.alert.raised",
    timestamp: new Date(NOW).toISOString(),
    data: {
      title: "Sales: <a> compensation failed & more",
      link: "https://accord.example/alerts/12",
      alert: { zoneId: "sales" },
    },
  });
});

test("PagerDuty keeps one incident for all steps of an alert, and a test ends its own", async () => {
  const pager = channels()[3]!;
  for (const kind of ["raised", "escalated", "acknowledged", "cleared"] as const)
    await send(pager, ID, message({ kind, over: kind === "cleared" }), NOW);
  await send(pager, ID, message({ kind: "test", subject: "test 1", alert: null }), NOW);
  expect(receiver.received.map(({ body }) => [body.event_action, body.dedup_key])).toEqual([
    ...["trigger", "trigger", "acknowledge", "resolve"].map((action) => [action, "accord/shop/alert 12"]),
    ...["trigger", "resolve"].map((action) => [action, "accord/shop/test 1"]),
  ]);
});

test("Alertmanager is told that an alert stands until it is over", async () => {
  await send(channels()[4]!, ID, message(), NOW);
  await send(channels()[4]!, ID, message({ kind: "cleared", over: true, at: NOW + 60_000 }), NOW);
  const ends = receiver.received.map(({ body }) => Date.parse((body as unknown as { endsAt: string }[])[0]!.endsAt) - NOW);
  expect(ends).toEqual([30 * 86_400_000, 60_000]);
  expect((receiver.received[0]!.body as unknown as { labels: object }[])[0]!.labels).toEqual(
    (receiver.received[1]!.body as unknown as { labels: object }[])[0]!.labels,
  );
});

test.each<[Conduct, string, string]>([
  ["500", "unanswered", "answered 500"],
  ["hangs", "unanswered", "did not answer within 0.3 s"],
  ["redirects", "refused", "answered 307, a redirect, which is not followed"],
  ["resets", "unanswered", "broke the connection off (ECONNRESET)"],
  ["late", "unanswered", "did not answer within 0.3 s"],
  ["404", "refused", "answered 404"],
])("a receiver that answers by %s", async (how, answer, words) => {
  conduct = how;
  expect(await send(channels()[0]!, ID, message(), NOW)).toMatchObject({ answer, words });
  expect(receiver.received).toHaveLength(1);
});

test("a private address is refused unless it is allowed, and what a receiver says is kept without what the channel holds", async () => {
  const [hook, slack] = channels();
  expect(await send({ ...hook!, allow: [] }, ID, message(), NOW)).toMatchObject({
    answer: "refused",
    words: "is at an address that is not public and that channels.one.allow does not name; nothing was sent",
  });
  expect(receiver.received).toEqual([]);
  const other = await send({ ...slack!, url: `${receiver.url}/pagerduty/s3cret-path` } as ChannelConfig, ID, message(), NOW);
  expect(other).toMatchObject({ answer: "refused", words: "answered 400", said: "invalid_payload" });
});

test("an e-mail has text and HTML, one id, one thread per alert, and nothing of a title becomes markup or a header", async () => {
  const channel: EmailChannel = {
    ...common,
    kind: "email",
    smtp: mail.url,
    tls: "disable",
    from: "accord@shop.example",
    to: ["a@shop.example", "b@shop.example"],
    timeoutMs: 5_000,
  };
  const title = "Sales: broke\r\nBcc: x@evil.example";
  expect(await send(channel, ID, message({ title }), NOW)).toMatchObject({ answer: "requested" });
  const [one] = mail.mails;
  expect(one).toMatchObject({ from: "accord@shop.example", to: ["a@shop.example", "b@shop.example"] });
  const head = one!.raw.split("\r\n\r\n")[0]!;
  expect(head).toContain(`Message-ID: <${ID}@shop.example>`);
  expect(head).toContain("References: <accord.shop.alert.12@shop.example>");
  expect(head).not.toMatch(/^Bcc:/m);
  expect(one!.raw).toContain("Content-Type: text/plain");
  expect(one!.raw).toContain("&#60;script&#62;");
  expect(await send({ ...channel, to: ["nobody@shop.example"] }, ID, message(), NOW)).toMatchObject({
    answer: "refused",
    words: "answered 550",
  });
  await send(channel, ID, message({ kind: "digest", alert: null }), NOW);
  expect(mail.mails.at(-1)!.raw).toContain("List-Unsubscribe: <mailto:accord@shop.example?subject=unsubscribe>");
  expect(await send({ ...channel, smtp: "smtp://127.0.0.1:1" }, ID, message(), NOW)).toMatchObject({ answer: "unreached" });
});

test("a program gets JSON on its standard input and nothing of the environment; its end is the answer, and a slow one is killed", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "accord-exec-"));
  try {
    const file = path.join(folder, "tell");
    await writeFile(file, `#!/bin/sh\ncat > "${folder}/said"\nenv > "${folder}/env"\nexit $1\n`);
    await chmod(file, 0o755);
    const channel = (...args: string[]): ChannelConfig => ({
      ...common,
      kind: "exec",
      command: [file, ...args],
      timeoutMs: 5_000,
    });
    process.env.ACCORD_SECRET_OF_TEST = "s3cret";
    expect(await send(channel("0"), ID, message(), NOW)).toMatchObject({ answer: "requested" });
    expect(JSON.parse(await readFile(path.join(folder, "said"), "utf8"))).toMatchObject({ id: ID, type: "accord.alert.raised" });
    expect(await readFile(path.join(folder, "env"), "utf8")).not.toContain("s3cret");
    expect(await send(channel("3"), ID, message(), NOW)).toMatchObject({ answer: "unanswered", words: "ended with 3" });
    const slow: ChannelConfig = { ...common, kind: "exec", command: ["/bin/sleep", "20"], timeoutMs: 200 };
    expect(await send(slow, ID, message(), NOW)).toMatchObject({ answer: "unanswered", words: "did not end within 0.2 s" });
    expect(await send({ ...slow, command: [`${file}-not`] }, ID, message(), NOW)).toMatchObject({ answer: "unreached" });
  } finally {
    delete process.env.ACCORD_SECRET_OF_TEST;
    await rm(folder, { recursive: true });
  }
});

test("a heartbeat is sent in each form that may be one", async () => {
  const [hook, , , , alertmanager] = channels();
  expect(await beat(hook!, ID, "shop", NOW)).toMatchObject({ answer: "requested" });
  expect(await beat(alertmanager!, ID, "shop", NOW)).toMatchObject({ answer: "requested" });
  expect(receiver.received[0]!.body).toMatchObject({ type: "accord.heartbeat" });
  expect(receiver.refused.filter((one) => !one.startsWith("pagerduty"))).toEqual([]);
});
