import NextAuth, { type NextAuthOptions, type User } from "next-auth";
import { decode } from "next-auth/jwt";
import CredentialsProvider from "next-auth/providers/credentials";
import { returnPath } from "@/components/operators/return-path";
import { linkKeyOf } from "@/lib/channels/link.rules";
import type { Person } from "@/lib/context";
import { factorRuleOf, sealingKeyOf } from "@/lib/operators/second-factor/rules";
import { sessionLimits } from "@/lib/operators/sessions/rules";
import { actorOfSession, revokeSession } from "@/lib/operators/sessions/service";
import { type OidcConfig, oidcConfigFrom } from "@/lib/operators/sign-in/input";
import { type SignedIn, signInWithOidc, signInWithPassword } from "@/lib/operators/sign-in/service";
import { Refusal } from "@/lib/refusal";
import { addressOf } from "./address";
import { answer } from "./answer";
import { cookieOf, sessionCookie } from "./cookie";
import { refusalOf } from "./fault";
import { log } from "./log";
import { spend } from "./rate-limit";
import { store } from "./store";

type Signed = User & Pick<SignedIn, "sessionId">;

/** The route handlers under /api/auth: sign-in by password and through the provider, if one is configured. */
export function handleAuth(request: Request, context: { params: Promise<{ nextauth: string[] }> }): Promise<Response> {
  return answer(request, () => {
    // Whoever asks here is mostly nobody yet, so it is their address that counts.
    spend("strangers", addressOf(request.headers) ?? "nowhere", Date.now());
    refuseUnreadable(request);
    return NextAuth(request as never, context as never, options(request.headers)) as Promise<Response>;
  });
}

/** Refuses what the library under it would answer with 500 and log as it came: an address to return to that is none, a body that is no form. */
function refuseUnreadable(request: Request): void {
  const { headers } = request;
  const named = [
    new URL(request.url).searchParams.get("callbackUrl"),
    ...["next-auth.callback-url", "__Secure-next-auth.callback-url"].map((name) => decoded(cookieOf(headers, name))),
  ];
  if (!named.every((text) => !text || isAddress(text)))
    throw new Refusal("invalid", "callbackUrl: is no address.", { field: "callbackUrl" });
  if (headers.get("content-type")?.includes("application/json")) throw new Refusal("invalid", "Send a form, not JSON.");
}

function decoded(text: string | null): string | null {
  try {
    return text && decodeURIComponent(text);
  } catch {
    return text;
  }
}

const isAddress = (text: string): boolean =>
  /^(\/|https?:)/.test(text) && URL.canParse(text, text.startsWith("/") ? "http://own.invalid" : undefined);

/** Whom the request speaks for, with role and zones as they are now; null for a stranger. */
export async function actorOf(headers: Headers, now: number): Promise<Person | null> {
  const sessionId = await sessionIdOf(headers);
  return sessionId === null ? null : actorOfSession(store().db, sessionId, now, factorRuleOf(process.env));
}

/** Ends the request's session, also when another takes its place, if there is one, for good: the cookie that held it counts for nothing from here on. */
export async function endSession(headers: Headers, now: number): Promise<void> {
  const actor = await actorOf(headers, now);
  if (actor?.sessionId) await revokeSession({ db: store().db, actor, now }, { sessionId: actor.sessionId });
}

/** The provider of identities that the environment names. One that is named by halves is none, so that passwords still work; the start of the server has logged why. */
export function provider(): OidcConfig | null {
  try {
    return oidcConfigFrom(process.env);
  } catch {
    return null;
  }
}

async function sessionIdOf(headers: Headers): Promise<string | null> {
  const token = cookieOf(headers, sessionCookie().name);
  if (token === null) return null;
  // A cookie that was altered, or sealed with another secret, is no cookie.
  const held = await decode({ token, secret: secret() }).catch(() => null);
  return typeof held?.sessionId === "string" ? held.sessionId : null;
}

function secret(): string {
  const value = process.env.NEXTAUTH_SECRET;
  if (!value) throw new Error("NEXTAUTH_SECRET is missing: it seals the session cookie.");
  return value;
}

/** What links in messages are signed with. */
export const linkKey = (): Buffer => linkKeyOf(secret());

/** What opens the secrets of second factors. */
export const sealingKey = (): Buffer => sealingKeyOf(secret());

function options(headers: Headers): NextAuthOptions {
  const oidc = provider();
  return {
    secret: secret(),
    session: { strategy: "jwt", maxAge: sessionLimits.lifeMs / 1_000 },
    cookies: { sessionToken: sessionCookie() },
    pages: { signIn: "/sign-in", error: "/sign-in", signOut: "/sign-in" },
    providers: [byPassword(headers), ...(oidc ? [byProvider(oidc)] : [])],
    callbacks: {
      signIn: ({ user, account, profile }) =>
        account?.provider === "oidc" && oidc ? admit(user as Signed, profile ?? {}, oidc, headers) : true,
      // The cookie carries the session's id and nothing else: role and zones are read anew with every request.
      jwt: ({ token, user }) => ({ sessionId: (user as Signed | undefined)?.sessionId ?? token.sessionId }),
      // Anything but a path of ours leads to the start.
      redirect: ({ url, baseUrl }) => baseUrl + returnPath(url.startsWith(`${baseUrl}/`) ? url.slice(baseUrl.length) : url),
      session: ({ session }) => ({ expires: session.expires }),
    },
    events: { signOut: () => endSession(headers, Date.now()) },
    logger: {
      error: (code, about) => log.error({ code, fault: about instanceof Error ? about : about.error }, "a sign-in failed"),
      warn: (code) => log.debug({ code }),
      debug: () => {},
    },
  };
}

const fromOf = (headers: Headers) => ({ ip: addressOf(headers), userAgent: headers.get("user-agent") ?? "" });

function byPassword(headers: Headers) {
  return CredentialsProvider({
    credentials: { email: {}, password: {}, code: {} },
    async authorize(typed) {
      try {
        const attempt = { email: typed?.email, password: typed?.password, code: typed?.code, ...fromOf(headers) };
        const { operatorId, sessionId } = await signInWithPassword(store().db, Date.now(), attempt, sealingKey());
        await endSession(headers, Date.now());
        return { id: operatorId, sessionId };
      } catch (error) {
        // The message reaches the browser.
        const refusal = refusalOf(error);
        if (!refusal) log.error({ fault: error }, "a sign-in failed");
        throw new Error(refusal?.message ?? "Accord could not check this sign-in.");
      }
    },
  });
}

function byProvider(oidc: OidcConfig): NextAuthOptions["providers"][number] {
  return {
    id: "oidc",
    name: oidc.name,
    type: "oauth",
    wellKnown: `${oidc.issuer}/.well-known/openid-configuration`,
    clientId: oidc.clientId,
    clientSecret: oidc.clientSecret,
    authorization: { params: { scope: oidc.scope } },
    idToken: true,
    checks: ["pkce", "state", "nonce"],
    // Many providers keep e-mail and groups out of the identity token; what it does say outranks the rest.
    userinfo: {
      async request({ client, tokens }) {
        const more = client.issuer.metadata.userinfo_endpoint ? await client.userinfo(tokens as never) : {};
        return { ...more, ...(tokens as unknown as { claims(): object }).claims() } as never;
      },
    },
    profile: (claims: { sub: string }) => ({ id: claims.sub }),
  };
}

async function admit(user: Signed, claims: object, oidc: OidcConfig, headers: Headers): Promise<true | string> {
  try {
    user.sessionId = (
      await signInWithOidc(store().db, Date.now(), claims as Record<string, unknown>, oidc, fromOf(headers))
    ).sessionId;
    await endSession(headers, Date.now());
    return true;
  } catch (error) {
    if (!(error instanceof Refusal)) log.error({ fault: error }, "a sign-in through the provider failed");
    const code = error instanceof Refusal ? String(error.detail.code) : "failed";
    return `${process.env.NEXTAUTH_URL ?? ""}/sign-in?refused=${code}`;
  }
}
