import { randomUUID } from "node:crypto";

/** Somebody who is signed in and asks the API without a browser. */
export type Caller = {
  get: <T>(path: string) => Promise<T>;
  post: <T>(path: string, body: object) => Promise<T>;
};

/** Signs in as the page does: by the form, with its token. */
export async function signIn(url: string, who: { email: string; password: string }): Promise<Caller> {
  const cookies = new Map<string, string>();
  const ask = async (path: string, init: RequestInit = {}) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(`${url}${path}`, {
      ...init,
      redirect: "manual",
      headers: { ...init.headers, cookie, origin: url },
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      cookies.set(name!, value!);
    }
    return response;
  };
  const value = async <T>(path: string, response: Response): Promise<T> => {
    const answer = await response.json();
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${JSON.stringify(answer)}`);
    return answer.value as T;
  };
  const { csrfToken } = await (await ask("/api/auth/csrf")).json();
  const body = new URLSearchParams({ csrfToken, ...who, json: "true" });
  await ask("/api/auth/callback/credentials", { method: "POST", body });
  return {
    get: async (path) => value(path, await ask(path)),
    post: async (path, body) => {
      const headers = { "content-type": "application/json", "idempotency-key": randomUUID() };
      return value(path, await ask(path, { method: "POST", body: JSON.stringify(body), headers }));
    },
  };
}
