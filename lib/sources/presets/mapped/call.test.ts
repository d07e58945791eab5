import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { ServiceCall } from "../../../presets/call.rules";
import { callService, problemOfCall } from "./call";

type Seen = { method: string; url: string; headers: http.IncomingHttpHeaders; body: string };
const seen: Seen[] = [];
let base = "";
const server = http.createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  seen.push({ method: request.method!, url: request.url!, headers: request.headers, body });
  const [, how = ""] = request.url!.split("/");
  if (how === "hangs") return;
  if (how === "resets") return void request.socket.resetAndDestroy();
  if (how === "redirects") return void response.writeHead(307, { location: "http://127.0.0.1:1/elsewhere" }).end();
  if (how === "later") return void response.writeHead(503, { "retry-after": "40" }).end("down");
  if (how === "slow-body") return void response.writeHead(422).write("no such publication");
  if (how === "endless") {
    response.writeHead(Number(request.url!.split("/")[2]));
    const more = () => {
      while (response.write("x".repeat(65_536)));
      response.once("drain", more);
    };
    return more();
  }
  if (how === "echoes") return void response.writeHead(403).end(`not you:\n${request.headers.authorization}\u0007`);
  response.writeHead(Number(how)).end("said");
});
beforeAll(async () => {
  await once(server.listen(0, "127.0.0.1"), "listening");
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const callTo = (path: string, over: Partial<ServiceCall> = {}) =>
  callService(
    {
      ...{ url: `${base}/${path}`, method: "POST", headers: { Authorization: "Bearer s3cret-of-the-shop" } },
      ...{ body: '{"id": ":id", "consumer": ":consumer"}', timeoutMs: 400, allow: ["127.0.0.0/8"] },
      ...over,
    },
    { id: 'a"/b', consumer: "stock" },
    "the-key",
  );

test("the call carries the message's id where it is asked for, each in the form of its place, and the request's id as its key", async () => {
  expect(await callTo("202/:id?of=:consumer")).toMatchObject({ answer: "requested", words: "answered 202" });
  expect(seen.at(-1)).toMatchObject({
    ...{ method: "POST", url: "/202/a%22%2Fb?of=stock", body: '{"id": "a\\"/b", "consumer": "stock"}' },
    headers: { "idempotency-key": "the-key", "content-type": "application/json", authorization: "Bearer s3cret-of-the-shop" },
  });
});

test.each([
  ["500", { answer: "unanswered", words: "answered 500" }],
  ["409", { answer: "unanswered", words: "answered 409" }],
  ["later", { answer: "unanswered", words: "answered 503", afterMs: 40_000 }],
  ["hangs", { answer: "unanswered", words: "did not answer within 0.4 s" }],
  ["resets", { answer: "unanswered", words: "broke the connection off (ECONNRESET)" }],
  ["404", { answer: "refused", words: "answered 404", said: "said" }],
  ["redirects", { answer: "refused", words: "answered 307, a redirect, which is not followed" }],
  ["slow-body", { answer: "refused", words: "answered 422", said: "no such publication" }],
  ["endless/200", { answer: "requested", words: "answered 200" }],
  ["endless/503", { answer: "unanswered", words: "answered 503" }],
  ["endless/400", { answer: "refused", words: "answered 400", said: "x".repeat(4_096) }],
  ["echoes", { answer: "refused", words: "answered 403", said: "not you: •••" }],
])("a service that %s", async (path, answer) => {
  const before = seen.length;
  expect(await callTo(path)).toMatchObject(answer);
  expect(seen.length).toBe(before + 1);
});

test("when Accord stops, nothing is waited for, and the request is not taken for one that never was", async () => {
  const call = {
    url: `${base}/hangs`,
    method: "POST",
    headers: {},
    body: "{}",
    timeoutMs: 30_000,
    allow: ["127.0.0.1"],
  } as const;
  const before = seen.length;
  const stop = new AbortController();
  const answered = callService(call, {}, "the-key", stop.signal);
  await vi.waitUntil(() => seen.length > before);
  stop.abort();
  expect(await answered).toMatchObject({ answer: "unanswered", words: "was asked, and Accord stopped before it answered" });
});

test("what cannot be reached has not been asked; what may not be called is not", async () => {
  const before = seen.length;
  expect(await callTo("", { url: "http://127.0.0.1:1/" })).toMatchObject({
    answer: "unreached",
    words: "could not be reached (ECONNREFUSED)",
  });
  expect(await callTo("", { url: "http://no-such-host.invalid/" })).toMatchObject({ answer: "unreached" });
  const private_ = { answer: "refused", words: expect.stringContaining("not public") };
  expect(await callTo("200", { allow: [] })).toMatchObject(private_);
  // A name that is allowed says nothing of where it leads.
  const local = base.replace("127.0.0.1", "localhost");
  expect(await callTo("", { url: `${local}/200`, allow: ["localhost"] })).toMatchObject(private_);
  expect(await callTo("", { url: `${local}/200`, allow: ["orders.internal", "127.0.0.0/8"] })).toMatchObject({
    answer: "refused",
    words: expect.stringContaining("retry.http.allow"),
  });
  // What is checked beforehand is the same, and asks nobody.
  const call = { url: `${local}/:id`, method: "POST", headers: {}, body: "", timeoutMs: 400, allow: ["localhost"] } as const;
  expect(await problemOfCall(call)).toContain("not public");
  expect(await problemOfCall({ ...call, allow: ["127.0.0.0/8", "::1"] })).toBeNull();
  expect(seen.length).toBe(before);
  expect(await callTo("", { url: `${local}/200`, allow: ["localhost", "127.0.0.0/8"] })).toMatchObject({ answer: "requested" });
  expect(seen.at(-1)!.headers.host).toMatch(/^localhost:/);
});
