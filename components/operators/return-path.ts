const OWN = "http://own.invalid";

/**
 * Where to go after signing in: a path of ours, or the start. Another site must not be able to name its own: judged is the path that a
 * browser makes of it, since `/.//other.example` is `//other.example` by then.
 */
export function returnPath(from: unknown): string {
  if (typeof from !== "string" || !from.startsWith("/") || !URL.canParse(from, OWN)) return "/";
  const { origin, pathname, search, hash } = new URL(from, OWN);
  const path = pathname + search + hash;
  if (origin !== OWN || /^\/(sign-in|sign-out|api)(\/|$)/.test(pathname)) return "/";
  // What is left must mean the same once more, as an address of its own: two slashes or a backslash name a host.
  return /^\/(?![/\\])/.test(path) && new URL(path, OWN).origin === OWN && !/[\\\p{Cc}]|\/\//u.test(pathname) ? path : "/";
}
