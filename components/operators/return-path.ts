/** Where to go after signing in: a path of ours, or the start. Another site must not be able to name its own. */
export function returnPath(from: unknown): string {
  if (typeof from !== "string" || !/^\/(?![/\\])/.test(from)) return "/";
  const { origin, pathname, search, hash } = new URL(from, "http://own.invalid");
  return origin === "http://own.invalid" && !/^\/(sign-in|sign-out|api)(\/|$)/.test(pathname) ? pathname + search + hash : "/";
}
