import { expect, test } from "vitest";
import { loadConfiguration } from "./files";
import { parseAccord } from "./input";
import { contractText, environment, testFiles } from "./testing";

const head = `version: 1
environment: test
sources: { app: { service: app, url: "postgres://reader@db/app" } }
`;
const secret = `whsec_${Buffer.alloc(24, 7).toString("base64")}`;
const env = {
  ...{ KEY: "key-of-the-pager", SLACK: "https://hooks.slack.example/services/T0/B0/s3cret", SECRET: secret, SHORT: "whsec_AAAA" },
  ...{ SMTP: "smtp://user:pass-w0rd@mail.example", AM: "http://alertmanager:9093" },
};
const parse = (text: string, more: Record<string, string> = {}) =>
  parseAccord(`${head}${text}`, "accord.yaml", { ...env, ...more });
const problems = (text: string, more?: Record<string, string>) => {
  const parsed = parse(text, more);
  return parsed.ok ? [] : parsed.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
};
const channel = (text: string) => problems(`channels: { one: ${text} }\n`);
const v = (name: string) => `"\${${name}}"`;

test("one channel of each kind, with what holds where nothing is said; nothing secret is public", () => {
  const parsed = parse(
    `channels:
  hook: { kind: webhook, url: "https://hooks.example/accord", secret: ${v("SECRET")}, headers: { X-Tenant: a } }
  chat: { kind: slack, url: ${v("SLACK")} }
  team: { kind: teams, url: ${v("SLACK")}, per_minute: 60 }
  pager: { kind: pagerduty, routing_key: ${v("KEY")}, timeout: 5s, acknowledge: by_link }
  am: { kind: alertmanager, url: ${v("AM")}, allow: [alertmanager, 10.0.0.0/8] }
  mail: { kind: email, smtp: ${v("SMTP")}, from: accord@shop.example, to: [ops@shop.example] }
  own: { kind: exec, command: [/usr/local/bin/tell, --json] }
  switch: { kind: webhook, url: "https://dead.example/man", heartbeat: true }
routes:
  - { severity: page, to: [pager], escalate: [[pager, chat], [mail]] }
  - { zones: [sales], owners: [checkout], days: [sat, sun], hours: "22:00-06:00", time_zone: Europe/Berlin, to: [chat] }
digests:
  - { every: week, on: fri, at: "17:30", time_zone: Europe/Berlin, owner: checkout, to: [mail] }
`,
    { ACCORD_EXEC: "allow" },
  );
  expect(parsed.ok && parsed.channels).toMatchObject([
    {
      name: "hook",
      kind: "webhook",
      secret,
      timeoutMs: 10_000,
      perMinute: 30,
      heartbeat: false,
      allow: [],
      acknowledge: "sign_in",
    },
    { name: "chat", kind: "slack" },
    { name: "team", kind: "teams", perMinute: 60 },
    {
      name: "pager",
      kind: "pagerduty",
      routingKey: "key-of-the-pager",
      url: "https://events.pagerduty.com/v2/enqueue",
      timeoutMs: 5_000,
      acknowledge: "by_link",
    },
    { name: "am", kind: "alertmanager", allow: ["alertmanager", "10.0.0.0/8"] },
    { name: "mail", kind: "email", tls: "require", to: ["ops@shop.example"] },
    { name: "own", kind: "exec", command: ["/usr/local/bin/tell", "--json"] },
    { name: "switch", heartbeat: true },
  ]);
  const telling = parsed.ok ? parsed.telling : null;
  expect(telling?.channels.map(({ target }) => target)).toEqual([
    ...["hooks.example", "hooks.slack.example", "hooks.slack.example", "events.pagerduty.com", "alertmanager:9093"],
    ...["ops@shop.example", "/usr/local/bin/tell", "dead.example"],
  ]);
  expect(telling?.routes[1]).toEqual({
    ...{ zones: ["sales"], owners: ["checkout"], severity: null, days: ["sat", "sun"], hours: { from: 1_320, to: 360 } },
    ...{ timeZone: "Europe/Berlin", to: ["chat"], escalate: [] },
  });
  expect(telling?.digests).toEqual([
    { every: "week", on: "fri", at: 1_050, timeZone: "Europe/Berlin", owner: "checkout", to: ["mail"] },
  ]);
  expect(JSON.stringify(telling)).not.toMatch(/key-of|s3cret|pass-w0rd|whsec_/);
});

test.each([
  ["{ kind: pager }", '4:24 Expected webhook, slack, teams, pagerduty, alertmanager, email or exec, found "pager".'],
  ["{ kind: slack }", "4:18 url is missing: expected an address, with what is secret of it as an environment variable."],
  [
    '{ kind: slack, url: "https://hooks.slack.example/services/T0/B0/x" }',
    "4:38 Expected url as an environment variable, found it written out.",
  ],
  [
    "{ kind: pagerduty, routing_key: written-out }",
    "4:50 Expected routing_key as an environment variable, found it written out.",
  ],
  [
    `{ kind: pagerduty, routing_key: ${v("KEY")}, secret: ${v("SECRET")} }`,
    "4:68 Expected no secret at a channel of kind pagerduty, which takes routing_key and url.",
  ],
  [
    `{ kind: webhook, url: "https://a.example", secret: ${v("SHORT")} }`,
    "4:69 Expected whsec_ and 24 to 64 bytes in base64, found something else.",
  ],
  [
    '{ kind: webhook, url: "http://10.0.0.1/" }',
    "4:40 Expected a public address, or its network such as 10.0.0.0/8 under allow.",
  ],
  [
    `{ kind: alertmanager, url: ${v("AM")}, allow: [other] }`,
    "4:61 Expected the host of url among those that may be reached, found others only.",
  ],
  [
    `{ kind: email, smtp: ${v("SMTP")}, from: me, to: [a@b.example] }`,
    '4:54 Expected an address of e-mail such as ops@example.com, found "me".',
  ],
  [
    `{ kind: email, smtp: ${v("SMTP")}, from: me@b.example, to: [a@b.example], tls: disable }`,
    "4:92 Expected TLS where there is a password or smtps://, which would go out in the open otherwise.",
  ],
  [`{ kind: slack, url: ${v("SLACK")}, acknowledge: everybody }`, '4:55 Expected sign_in, by_link or off, found "everybody".'],
  [
    `{ kind: slack, url: ${v("SLACK")}, heartbeat: true }`,
    "4:53 Expected a heartbeat of kind webhook, alertmanager and exec: people are not sent something each minute.",
  ],
  [
    "{ kind: exec, command: [tell] }",
    "4:24 Expected the worker's environment to have ACCORD_EXEC=allow: a channel that runs a program is off otherwise.",
  ],
  [`{ kind: slack, url: ${v("SLACK")}, retries: 3 }`, "4:42 Expected one of kind, url, secret"],
])("%s", (text, problem) => {
  expect(channel(text)).toEqual([expect.stringContaining(problem.split(" ").slice(1).join(" "))]);
  expect(channel(text)[0]).toMatch(/^4:\d+ /);
});

test("a route names channels that there are, and no heartbeat; a digest what people read", () => {
  const channels = `channels: { chat: { kind: slack, url: ${v("SLACK")} }, pager: { kind: pagerduty, routing_key: ${v("KEY")} }, beat: { kind: webhook, url: "https://a.example", heartbeat: true } }\n`;
  expect(
    problems(
      `${channels}routes:\n  - { to: [chats] }\n  - { to: [chat], escalate: [[beat]] }\ndigests: [{ every: day, to: [pager] }]\n`,
    ),
  ).toEqual([
    '6:12 Expected a channel, found "chats"; did you mean "chat"?',
    '7:31 Expected a channel that is told of alerts, found "beat", which is a heartbeat.',
    '8:30 Expected a channel that people read, found "pager" of kind pagerduty.',
  ]);
  expect(problems(`${channels}routes: [{ to: [chat], hours: 9-17 }]\n`)).toEqual([
    '5:31 Expected hours such as 09:00-17:00, or over midnight 22:00-06:00, found "9-17".',
  ]);
});

test("no problem repeats a secret", () => {
  const broken = `channels: { a: { kind: slack, url: ${v("SLACK")}, allow: [other.example] }, b: { kind: email, smtp: ${v("SMTP")}, from: a@b.example, to: [] }, c: { kind: pagerduty, routing_key: sk-written-0ut, nope: 1 } }\n`;
  expect(problems(broken).length).toBeGreaterThan(0);
  expect(JSON.stringify(problems(broken))).not.toMatch(/s3cret|pass-w0rd|sk-written/);
});

test("a contract that names a channel which there is not is warned of, where it stands, and so are routes that leave something out", async () => {
  const accord = `version: 1
environment: test
sources:
  orders: { service: order-service, url: "\${ORDERS_URL}", consumers: [order-service, order-view] }
  payments: { service: payment-service, url: "postgres://observer@payments/db" }
channels: { chat: { kind: slack, url: ${v("SLACK")} }, pagers: { kind: pagerduty, routing_key: ${v("KEY")} } }
routes: [{ severity: page, owners: [shipping], to: [chat] }]
`;
  const files = await testFiles({ "accord.yaml": accord, "contracts/zone.yaml": contractText });
  try {
    const loaded = await loadConfiguration(files.path, { ...environment, ...env });
    const warnings = loaded.ok ? loaded.warnings.map(({ file, line, message }) => `${file}:${line} ${message}`) : loaded.problems;
    expect(warnings).toEqual([
      "accord.yaml:7 No route is for everything: an alert that none of them matches is told to nobody.",
      'accord.yaml:7 No contract has the owner "shipping"; known are checkout.',
      expect.stringMatching(/^contracts\/zone\.yaml:\d+ "pager" is no channel of accord\.yaml; did you mean "pagers"\?$/),
      expect.stringMatching(/^contracts\/zone\.yaml:\d+ "pager" is no channel of accord\.yaml; did you mean "pagers"\?$/),
    ]);
    expect(loaded.ok && loaded.notInForce.map(({ message }) => message)).toEqual([
      "Not in force yet, repair: of payment-agrees a person decides.",
    ]);
  } finally {
    await files.remove();
  }
});
