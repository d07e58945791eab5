/** The cookie that holds a session. The prefix makes browsers refuse one from a sibling host or over plain http. */
export function sessionCookie() {
  const secure = (process.env.NEXTAUTH_URL ?? "").startsWith("https://");
  return {
    name: secure ? "__Host-accord-session" : "accord-session",
    options: { httpOnly: true, sameSite: "lax" as const, path: "/", secure },
  };
}

/** The value of a cookie in a request; null when it is absent. */
export function cookieOf(headers: Headers, name: string): string | null {
  for (const pair of (headers.get("cookie") ?? "").split(";")) {
    const [key, value] = pair.trim().split("=", 2);
    if (key === name && value) return value;
  }
  return null;
}
