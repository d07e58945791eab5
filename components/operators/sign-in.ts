import { AWAY, OUTDATED, providerFailedWords } from "./words";

/** Where to go on, or why not. */
export type SignInAnswer = { ok: true; url: string } | { ok: false; message: string };

export type Typed = { email: string; password: string; code?: string };

/** Asks for a session by e-mail and password, and the code of who was asked for one. */
export function signInByPassword(typed: Typed, to: string): Promise<SignInAnswer> {
  return ask("/api/auth/callback/credentials", { ...typed, callbackUrl: to });
}

/** Asks where the provider of identities wants the browser to go. `again`: it is to ask who is there, whomever it remembers. */
export function signInByProvider(name: string, to: string, again: boolean): Promise<SignInAnswer> {
  return ask(`/api/auth/signin/oidc${again ? "?max_age=0" : ""}`, { callbackUrl: to }, providerFailedWords(name));
}

type Refused = { refusal: { message: string } };

async function ask(path: string, fields: Record<string, string>, failed?: string): Promise<SignInAnswer> {
  try {
    const token = (await (await fetch("/api/auth/csrf")).json()) as { csrfToken: string } | Refused;
    if ("refusal" in token) return { ok: false, message: token.refusal.message };
    const body = new URLSearchParams({ ...fields, csrfToken: token.csrfToken, json: "true" });
    const answer = (await (await fetch(path, { method: "POST", body })).json()) as { url: string } | Refused;
    if ("refusal" in answer) return { ok: false, message: answer.refusal.message };
    const url = new URL(answer.url, location.href);
    // The token was refused: the cookie beside it had gone.
    if (url.searchParams.has("csrf")) return { ok: false, message: OUTDATED };
    const error = url.origin === location.origin ? url.searchParams.get("error") : null;
    return error === null ? { ok: true, url: url.href } : { ok: false, message: failed ?? error };
  } catch {
    return { ok: false, message: AWAY };
  }
}
