import { type NextRequest, NextResponse } from "next/server";
import { addressOf } from "@/app/_server/address";
import { cookieOf, sessionCookie } from "@/app/_server/cookie";
import { securityHeaders } from "@/app/_server/headers";
import { spend } from "@/app/_server/rate-limit";
import { Refusal } from "@/lib/refusal";

/** Sends strangers to the sign-in page and gives every answer its security headers. It decides nothing: route handlers and verbs check again. */
export function proxy(request: NextRequest): NextResponse {
  const nonce = Buffer.from(crypto.randomUUID()).toString("base64");
  const base = process.env.NEXTAUTH_URL ?? request.nextUrl.origin;
  const secured = securityHeaders(nonce, {
    https: base.startsWith("https://"),
    development: process.env.NODE_ENV === "development",
  });
  const response = tooMany(request) ?? answerTo(request, nonce, base, secured[0]![1]);
  for (const [name, value] of secured) response.headers.set(name, value);
  // A link is its holder's alone: no other page learns it, Accord's own neither.
  if (/^\/(acknowledge|unsubscribe|api\/links\/.*)$/.test(request.nextUrl.pathname))
    response.headers.set("referrer-policy", "no-referrer");
  return response;
}

function answerTo(request: NextRequest, nonce: string, base: string, policy: string): NextResponse {
  return !isReadable(request.nextUrl.pathname)
    ? new NextResponse("This address holds an escape that no text has, such as %ED%A0%80.\n", { status: 400 })
    : mustSignIn(request)
      ? toSignIn(request, base)
      : onwards(request, nonce, policy);
}

/** One limit for all doors: by address, whoever asks. What asks whether we live is not limited, since a flood is no reason to be restarted. */
function tooMany(request: NextRequest): NextResponse | null {
  const { pathname } = request.nextUrl;
  if (pathname.startsWith("/api/health/")) return null;
  const from = addressOf(request.headers) ?? "nowhere";
  try {
    spend("addresses", from, Date.now());
    if (pathname === "/sign-in" || isLinkPage(pathname) || mustSignIn(request)) spend("strangers", from, Date.now());
    return null;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const headers = { "retry-after": String(error.detail.retryAfterS) };
    if (!pathname.startsWith("/api/")) return new NextResponse(`${error.message}\n`, { status: 429, headers });
    const { kind, message, detail } = error;
    return NextResponse.json({ refusal: { kind, message, detail } }, { status: 429, headers });
  }
}

// Whoever reads the path later would fail without an answer in words.
function isReadable(pathname: string): boolean {
  try {
    decodeURIComponent(pathname);
    return true;
  } catch {
    return false;
  }
}

// Whoever follows a link from a message may be nobody yet; what it opens is the link's to say.
const isLinkPage = (pathname: string): boolean => /^\/(acknowledge|unsubscribe)$/.test(pathname);

function mustSignIn(request: NextRequest): boolean {
  const { pathname } = request.nextUrl;
  // The API and what machines ask answer with a status; a page in its place would be read as success.
  if (/^\/(api|metrics|sign-in)(\/|$)/.test(pathname) || isLinkPage(pathname)) return false;
  return cookieOf(request.headers, sessionCookie().name) === null;
}

function toSignIn(request: NextRequest, base: string): NextResponse {
  const target = new URL("/sign-in", base);
  const from = request.nextUrl.pathname + request.nextUrl.search;
  if (from !== "/") target.searchParams.set("from", from);
  return NextResponse.redirect(target);
}

function onwards(request: NextRequest, nonce: string, policy: string): NextResponse {
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  // Next reads the nonce for its own scripts from here.
  headers.set("content-security-policy", policy);
  headers.set("x-accord-path", request.nextUrl.pathname + request.nextUrl.search);
  return NextResponse.next({ request: { headers } });
}

export const config = {
  matcher: ["/((?!_next/static|_next/image|(?:favicon\\.ico|icon\\.svg|accord\\.schema\\.json|contract\\.schema\\.json)$).*)"],
};
