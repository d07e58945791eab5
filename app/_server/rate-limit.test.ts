import fc from "fast-check";
import { NextRequest } from "next/server";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import * as me from "@/app/api/v1/me/route";
import type { TestStore } from "@/lib/db/testing";
import { makeOperator, TEST_PASSWORD } from "@/lib/operators/testing";
import { parseTokenRequest } from "@/lib/tokens/input";
import { createToken } from "@/lib/tokens/service";
import { proxy } from "@/proxy";
import { log } from "./log";
import { Limiter } from "./rate-limit";
import { Browser, ORIGIN, openServer } from "./testing";

const now = 1_000_000;

test("a full bucket is taken at once, then as fast as it fills, and the wait says when", () => {
  const limiter = new Limiter({ perSecond: 2, burst: 3 });
  expect([1, 2, 3].map(() => limiter.take("a", now))).toEqual([0, 0, 0]);
  expect(limiter.take("a", now)).toBe(0.5);
  expect(limiter.take("a", now + 499)).toBeCloseTo(0.001);
  expect(limiter.take("a", now + 500)).toBe(0);
  expect(limiter.take("b", now + 500)).toBe(0);
  expect([1, 2, 3, 4].map(() => limiter.take("a", now + 60_000))).toEqual([0, 0, 0, 0.5]);
});

test("whoever waits as long as they are told gets through, whatever happened before; never more than the allowance", () => {
  const steps = fc.array(fc.integer({ min: -500, max: 3_000 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 20 }), (waits, burst) => {
      const limiter = new Limiter({ perSecond: 3, burst });
      const start = now + waits[0]!;
      let [at, allowed, latest] = [now, 0, start];
      for (const wait of waits) {
        at += wait;
        latest = Math.max(latest, at);
        const waitS = limiter.take("a", at);
        if (waitS === 0) allowed++;
        else expect(limiter.take("a", latest + waitS * 1_000 + 1)).toBe(0);
        if (waitS > 0) [allowed, at, latest] = [allowed + 1, latest + waitS * 1_000 + 1, latest + waitS * 1_000 + 1];
        expect(allowed).toBeLessThanOrEqual(burst + ((latest - start) / 1_000) * 3 + 1e-6);
      }
    }),
  );
});

test("a flood of keys is held in bounded memory", () => {
  const limiter = new Limiter({ perSecond: 1, burst: 1 }, 100);
  for (let i = 0; i < 1_000; i++) limiter.take(`address ${i}`, now + i);
  expect(limiter.size).toBe(100);
  expect(limiter.take("address 999", now + 999)).toBeGreaterThan(0);
});

let store: TestStore;
beforeAll(async () => {
  store = await openServer();
  Object.assign(globalThis, {
    accordLimits: {
      actors: new Limiter({ perSecond: 0.01, burst: 3 }),
      strangers: new Limiter({ perSecond: 0.01, burst: 3 }),
      addresses: new Limiter({ perSecond: 0.01, burst: 6 }),
    },
  });
});
afterAll(() => store.close());

test("S14: each person with all their tokens, and each strange address, has its own limit; too much is 429 with when to go on", async () => {
  const { email, ctx } = await makeOperator(store.db, Date.now(), { name: "Omar" });
  const omar = new Browser();
  await omar.signIn(email, TEST_PASSWORD);
  const { secret } = await createToken(ctx, parseTokenRequest({ name: "s", role: "viewer", expiresInDays: 1, key: "k" }));
  const ask = async (browser: Browser, headers: Record<string, string> = {}) =>
    me.GET(browser.request("/api/v1/me", { headers }), { params: Promise.resolve({}) });
  const bearer = { authorization: `Bearer ${secret}` };
  const four = async (one: () => Promise<Response>) => {
    const answers = [await one(), await one(), await one(), await one()];
    return answers.map((answer) => answer.status);
  };
  expect(await four(() => ask(omar))).toEqual([200, 200, 200, 429]);
  // A token is no way around what its owner may ask.
  expect(await four(() => ask(new Browser(), bearer))).toEqual([429, 429, 429, 429]);
  expect(await four(() => ask(new Browser(), { "x-forwarded-for": "192.0.2.1" }))).toEqual([401, 401, 401, 429]);
  expect(await four(() => ask(new Browser(), { "x-forwarded-for": "192.0.2.2", authorization: "Bearer acc_guess" }))).toEqual([
    401, 401, 401, 429,
  ]);
  const refused = await ask(omar);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(90);
  expect(await refused.json()).toMatchObject({
    refusal: {
      kind: "throttled",
      message: expect.stringMatching(/^Too many requests from you\. Go on in \d+ s, and ask less often\.$/),
    },
  });
});

const strange = (path: string, address: string, cookie = "") =>
  proxy(new NextRequest(new URL(path, ORIGIN), { headers: { "x-forwarded-for": address, ...(cookie && { cookie }) } }));

test.each(["/sign-in", "/zones", "/keys/x"])("S14: at %s a stranger's address has its limit", (path) => {
  const address = `a stranger at ${path}`;
  const statuses = Array.from({ length: 4 }, () => strange(path, address).status);
  expect(statuses.slice(0, 3)).not.toContain(429);
  expect(statuses[3]).toBe(429);
  expect(Number(strange(path, address).headers.get("retry-after"))).toBeGreaterThan(90);
  expect(strange(path, address).headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
});

test.each(["/zones", "/api/v1/zones", "/api/v1/events", "/api/auth/session", "/metrics", "/api/sign-out"])(
  "S14: an address has its limit at %s, whatever cookies it shows, and whether we live is answered all the same",
  (path) => {
    const address = `an address at ${path}`;
    const ask = (n: number, at = path) => strange(at, address, `accord-session=guess${n}`).status;
    expect(Array.from({ length: 7 }, (_, n) => ask(n)).map((status) => status === 429)).toEqual([...Array(6).fill(false), true]);
    expect(ask(8, "/api/health/alive")).not.toBe(429);
  },
);

test("S14: under /api/auth an address has its limit, and no address to return to is answered with a fault", async () => {
  const stretched = (strangers: Limiter) => {
    const limits = (globalThis as unknown as { accordLimits: object }).accordLimits;
    Object.assign(globalThis, { accordLimits: { ...limits, strangers } });
  };
  stretched(new Limiter({ perSecond: 0.01, burst: 3 }));
  const statuses: number[] = [];
  for (const _ of [1, 2, 3, 4]) statuses.push((await new Browser().auth("/api/auth/csrf")).status);
  expect(statuses).toEqual([200, 200, 200, 429]);
  stretched(new Limiter({ perSecond: 1e3, burst: 1e3 }));
  const lines: string[] = [];
  const error = vi.spyOn(log, "error").mockImplementation((about: unknown) => void lines.push(JSON.stringify(about)));
  const canary = "canary-7f3a";
  for (const bad of [canary, `javascript:${canary}`, "http://", `//[${canary}`, "/\\[", "x".repeat(5_000)]) {
    const query = `callbackUrl=${encodeURIComponent(bad)}`;
    for (const path of ["csrf", "session", "providers", "signin", "signout", "callback/credentials", "error"]) {
      const { status } = await new Browser().auth(`/api/auth/${path}?${query}`);
      expect([path, bad, status < 500]).toEqual([path, bad, true]);
    }
    const browser = new Browser();
    browser.cookies.set("next-auth.callback-url", encodeURIComponent(bad));
    expect((await browser.auth("/api/auth/csrf")).status).toBeLessThan(500);
    const typed = new Browser();
    const form = { csrfToken: await typed.csrf(), email: "a@b.example", password: "x", callbackUrl: bad, json: "true" };
    expect((await typed.auth("/api/auth/callback/credentials", form)).status).toBeLessThan(500);
  }
  expect(lines.join("\n")).not.toContain(canary);
  error.mockRestore();
});
