import { randomUUID } from "node:crypto";

/** Signs in as a browser does; gives the cookie. */
export async function signIn(url: string, { email, password }: { email: string; password: string }): Promise<string> {
  const asked = await fetch(`${url}/api/auth/csrf`);
  const { csrfToken } = (await asked.json()) as { csrfToken: string };
  const answered = await fetch(`${url}/api/auth/callback/credentials`, {
    method: "POST",
    redirect: "manual",
    headers: { cookie: cookiesOf(asked) },
    body: new URLSearchParams({ csrfToken, email, password, json: "true" }),
  });
  const cookie = cookiesOf(answered);
  if (!cookie.includes("accord-session=")) throw new Error(`${email} could not sign in: ${answered.status}.`);
  return cookie;
}

/** Posts as our own pages do: from our origin, under a key. */
export async function postTo<T>(url: string, cookie: string, path: string, body: object): Promise<T> {
  const response = await fetch(url + path, {
    method: "POST",
    headers: { cookie, origin: url, "content-type": "application/json", "idempotency-key": randomUUID() },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return ((await response.json()) as { value: T }).value;
}

/** As many operators as asked for, invited by the administrator and signed in. */
export async function people(url: string, admin: string, n: number): Promise<string[]> {
  const cookies: string[] = [];
  for (let i = 0; i < n; i++) {
    const request = { name: `Bench ${i}`, email: `bench.${i}@story.example`, role: "operator", zones: null };
    const { password } = await postTo<{ password: string }>(url, admin, "/api/v1/operators", request);
    const cookie = await signIn(url, { email: request.email, password });
    // What was given is for one use.
    await postTo(url, cookie, "/api/v1/me/password", { current: password, next: "a password of their own" });
    cookies.push(cookie);
  }
  return cookies;
}

const cookiesOf = (response: Response): string =>
  response.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
