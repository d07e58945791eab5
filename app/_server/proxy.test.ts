import { NextRequest } from "next/server";
import { afterEach, beforeEach, expect, test } from "vitest";
import { config, proxy } from "@/proxy";

const ask = (path: string, cookie?: string) =>
  proxy(new NextRequest(new URL(path, "http://10.0.0.7:3000"), { headers: cookie ? { cookie, "x-nonce": "theirs" } : {} }));

beforeEach(() => {
  process.env.NEXTAUTH_URL = "https://accord.example.test";
});
afterEach(() => {
  process.env.NEXTAUTH_URL = "";
});

test("a stranger is sent to the sign-in page of the configured address, and back to where they were going", () => {
  const response = ask("/dead-letters?zone=orders");
  expect(response.status).toBe(307);
  expect(response.headers.get("location")).toBe("https://accord.example.test/sign-in?from=%2Fdead-letters%3Fzone%3Dorders");
});

test.each(["/api/v1/zones", "/metrics", "/sign-in", "/api/health/ready"])(
  "%s is never answered with a page to sign in",
  (path) => {
    expect(ask(path).headers.get("location")).toBeNull();
  },
);

test("whoever follows a link from a message is not asked to sign in before its page, and no page that they go on to learns it", () => {
  for (const path of ["/acknowledge", "/unsubscribe"]) {
    expect(ask(path).headers.get("location")).toBeNull();
    expect(ask(path).headers.get("referrer-policy")).toBe("no-referrer");
  }
  expect(ask("/api/links/one-click?link=x").headers.get("referrer-policy")).toBe("no-referrer");
  expect(ask("/acknowledge/x").status).toBe(307);
});

test("a path that only begins like an open one is not open", () => {
  expect(ask("/sign-in-later").status).toBe(307);
  expect(ask("/metrics2").status).toBe(307);
});

test("every answer carries the headers, and every page a nonce of its own that no request can choose", () => {
  const [first, second] = [ask("/zones", "__Host-accord-session=x"), ask("/zones", "__Host-accord-session=x")];
  const nonce = first.headers.get("x-middleware-request-x-nonce");
  expect(nonce).toMatch(/^[\w+/=]{20,}$/);
  expect(nonce).not.toBe(second.headers.get("x-middleware-request-x-nonce"));
  expect(first.headers.get("content-security-policy")).toContain(`script-src 'self' 'nonce-${nonce}' 'strict-dynamic';`);
  for (const response of [first, ask("/zones"), ask("/api/v1/zones")]) {
    expect(response.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("strict-transport-security")).toContain("max-age=63072000");
  }
});

test("S4: only the files that stand as they are pass by; a path that ends like one of them does not", () => {
  const seen = new RegExp(`^${config.matcher[0]}$`);
  const odd = [
    "/keys/x.schema.json",
    "/zones/favicon.ico",
    "/contract.schema.json/x",
    "/xcontract.schema.json",
    "/api/v1/zones.ico",
  ];
  for (const path of odd) expect(seen.test(path), path).toBe(true);
  for (const path of ["/favicon.ico", "/icon.svg", "/contract.schema.json", "/_next/static/a.js"])
    expect(seen.test(path), path).toBe(false);
  expect(ask("/keys/x.schema.json", "__Host-accord-session=x").headers.get("content-security-policy")).toContain(
    "frame-ancestors 'none'",
  );
});

test("without https there is no promise of https, and the cookie has its plain name", () => {
  process.env.NEXTAUTH_URL = "http://localhost:3000";
  const response = ask("/zones", "accord-session=x");
  expect(response.headers.get("location")).toBeNull();
  expect(response.headers.get("strict-transport-security")).toBeNull();
  expect(response.headers.get("content-security-policy")).not.toContain("upgrade-insecure-requests");
});

test.each(["/keys/%ED%A0%80", "/api/v1/keys/%C3", "/zones/%", "/sign-in/%80"])(
  "S18: %s is refused in words, with every header",
  async (path) => {
    const response = ask(path, "__Host-accord-session=x");
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("no text has");
    expect(response.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  },
);
