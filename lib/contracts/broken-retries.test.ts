import { expect, test } from "vitest";
import { parseAccord } from "./input";

const fileWith = (http: string, source = "preset: spring-modulith") => `version: 1
environment: test
sources:
  app:
    service: app
    url: postgres://reader:zq81x@db/app
    ${source}
    retry:
      http:
        ${http.replaceAll("\n", "\n        ")}
`;
const parse = (http: string, source?: string) =>
  parseAccord(fileWith(http, source), "accord.yaml", { TOKEN: "tok-3n", HOST: "https://user:pass-w0rd@orders.internal" });
const problems = (http: string, source?: string) => {
  const parsed = parse(http, source);
  return parsed.ok ? [] : parsed.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
};

test("a call with its defaults, and a secret from the environment", () => {
  const parsed = parse(`url: https://orders.internal/retry\nheaders: { Authorization: "Bearer \${TOKEN}" }`);
  expect(parsed.ok && parsed.sources[0]).toMatchObject({
    call: {
      ...{ url: "https://orders.internal/retry", method: "POST", headers: { Authorization: "Bearer tok-3n" } },
      ...{ body: '{"id": ":id", "message": ":message", "consumer": ":consumer"}', timeoutMs: 10_000, allow: [] },
    },
    abilities: { deadLetters: { retry: true, call: "POST https://orders.internal" } },
  });
});

test("a key of several columns, in the address alone", () => {
  const generic = `preset: generic
    dead_letters: { from: app.failed t, parked: t.state = 9, id: [t.queue, t.no], consumer: t.queue, type: t.kind }`;
  expect(problems('url: https://orders.example/:id1/:id2\nbody: ""\nheaders: { Content-Type: text/plain }', generic)).toEqual([]);
  expect(problems('url: https://orders.example/\nbody: \'{"id": ":id"}\'', generic)).toEqual([
    "12:15 Expected only :id1, :id2, :message and :consumer as parameters, found :id.",
  ]);
});

const url = "url: https://orders.internal/retry";
const words = {
  address: "an address that begins with https:// or http:// and has no user, password or #",
  headers: "a header's name other than Idempotency-Key, Host and those of the connection",
  allow: "a host's name such as orders.internal, or a network such as 10.0.0.0/8",
};
test.each([
  ["method: POST", `9:7 url is missing: expected ${words.address}.`],
  ["url: ftp://orders.internal/", `10:14 Expected ${words.address}, found something else.`],
  ["url: https://user:zq82x@orders.internal/", `10:14 Expected ${words.address}, found something else.`],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of accord.yaml
  ["url: ${HOST}/retry", `10:14 Expected ${words.address}, found the value of \${HOST}.`],
  [`${url}#part`, `10:14 Expected ${words.address}, found something else.`],
  [`${url}\nmethod: GET`, '11:17 Expected POST, PUT or PATCH, found "GET".'],
  [`${url}\nheaders: { Idempotency-Key: mine }`, `11:20 Expected ${words.headers}, found "Idempotency-Key".`],
  [`${url}\nheaders: { Host: other }`, `11:20 Expected ${words.headers}, found "Host".`],
  [
    `${url}\nheaders: { X-Two: "a\\nb" }`,
    "11:27 Expected a header's value in one line, a secret as an environment variable, found text of 3 characters.",
  ],
  [`${url}\ntimeout: 2m`, '11:18 Expected a duration from 100ms to 30s, found "2m".'],
  [`${url}\nallow: [10.0.0.0/40]`, `11:17 Expected ${words.allow}, found text of 11 characters.`],
  [`${url}\nallow: ["*"]`, `11:17 Expected ${words.allow}, found "*".`],
  [`${url}\nallow: [other.internal]`, "11:16 Expected the host of url among those that may be called, found others only."],
  ["url: http://127.0.0.1:8080/", "10:14 Expected a public address, or its network such as 10.0.0.0/8 under allow."],
  ["url: http://0x7f.1/", "10:14 Expected a public address, or its network such as 10.0.0.0/8 under allow."],
  ["url: http://[::ffff:10.0.0.1]/", "10:14 Expected a public address, or its network such as 10.0.0.0/8 under allow."],
  [
    `${url}\nbody: '{"id": :id}'`,
    "11:15 Expected JSON with :id and :consumer between quotes, found something else; another Content-Type among headers takes another text.",
  ],
  [`${url}\nbody: '{}'`, "11:15 Expected :id in url or body, which name the one message that is retried."],
  [`${url}\nbody: '{"a": ":id3"}'`, "11:15 Expected only :id, :message and :consumer as parameters, found :id3."],
  [`${url}\nretries: 3`, '11:9 Expected one of url, method, headers, body, timeout and allow, found the unknown name "retries".'],
])("%s", (http, problem) => {
  expect(problems(http)).toEqual([problem]);
});

test.each([
  [
    "preset: native",
    "Expected no retry beside preset native: it is for frameworks whose messages only the application can retry.",
  ],
  ["preset: pg-boss", "Expected no retry beside preset pg-boss, whose messages are retried through its own tables."],
  ["preset: debezium", "Expected dead_letters beside retry: there is nothing that could be retried."],
  ["{ preset: spring-modulith, act: false }", "Expected no retry where act is false: nothing would ever make the call."],
  [
    "{ preset: axon4, dead_letters: { retry: update t set a = 1 where id = :id } }",
    "Expected either retry.http or dead_letters.retry: a message is retried in one way.",
  ],
])("beside %s", (source, message) => {
  const lines = source.startsWith("{") ? source.slice(2, -2).replace(/, (act|dead)/, "\n    $1") : source;
  const at = 8 + (lines.split("\n").length - 1);
  expect(problems(url, lines)).toEqual([`${at + 1}:7 ${message}`]);
});

test("no problem repeats a password", () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of accord.yaml
  expect(JSON.stringify(problems("url: ${HOST}/retry\nheaders: { Host: x }"))).not.toMatch(/pass-w0rd|tok-3n/);
});
