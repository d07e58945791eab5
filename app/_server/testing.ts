import { createRequire } from "node:module";
import { NextRequest } from "next/server";
import { type TestStore, testStore } from "@/lib/db/testing";
import { closeHub } from "./live/events";
import { log } from "./log";
import { handleAuth } from "./session";
import { store } from "./store";

export const ORIGIN = "http://accord.test";

/** A store behind the route handlers, and the environment that the route handlers read. */
export async function openServer(): Promise<TestStore> {
  // Refusals and faults are what these tests are about; their log lines would hide a failure.
  log.level = "silent";
  const opened = await testStore(8);
  Object.assign(process.env, {
    DATABASE_URL: opened.url,
    NEXTAUTH_URL: ORIGIN,
    NEXTAUTH_SECRET: "a secret of the tests",
    // Tests ask faster than anybody; what is too much has a test of its own.
    ACCORD_REQUESTS_PER_SECOND: "100000",
  });
  const handlers = store();
  return {
    ...opened,
    close: async () => {
      await closeHub();
      (globalThis as { accordStore?: unknown }).accordStore = undefined;
      await handlers.close();
      await opened.close();
    },
  };
}

/** A browser as far as route handlers can tell: it keeps cookies and says where it comes from. */
export class Browser {
  readonly cookies = new Map<string, string>();

  request(path: string, init: { method?: string; headers?: Record<string, string>; body?: string } = {}): NextRequest {
    const url = new URL(path, ORIGIN);
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    return new NextRequest(url, { ...init, headers: { host: url.host, ...(cookie ? { cookie } : {}), ...init.headers } });
  }

  /** Asks one of the handlers under /api/auth, and keeps the cookies that it sets. */
  async auth(path: string, form?: Record<string, string>): Promise<Response> {
    const request = form
      ? this.request(path, {
          method: "POST",
          headers: { "content-type": "application/x-www-form-urlencoded" },
          body: new URLSearchParams(form).toString(),
        })
      : this.request(path);
    insideRequest(request);
    const nextauth = request.nextUrl.pathname.replace("/api/auth/", "").split("/");
    const response = await handleAuth(request, { params: Promise.resolve({ nextauth }) });
    this.keep(response);
    return response;
  }

  async signIn(email: string, password: string): Promise<Response> {
    return this.auth("/api/auth/callback/credentials", { email, password, csrfToken: await this.csrf(), json: "true" });
  }

  async csrf(): Promise<string> {
    return ((await (await this.auth("/api/auth/csrf")).json()) as { csrfToken: string }).csrfToken;
  }

  keep(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [pair, ...attributes] = line.split(";");
      const [name, value] = pair!.split(/=(.*)/s) as [string, string];
      const gone = attributes.some((attribute) => /^\s*(max-age=0|expires=.* 1970 )/i.test(attribute));
      if (value && !gone) this.cookies.set(name, value);
      else this.cookies.delete(name);
    }
  }
}

// Next lends a route its request through these two functions, which have none outside of its server.
function insideRequest(request: NextRequest): void {
  Object.assign(createRequire(import.meta.url)("next/headers"), {
    headers: async () => request.headers,
    cookies: async () => request.cookies,
  });
}
