/**
 * Where a request comes from, as far as it can be known: the entry of X-Forwarded-For that the outermost trusted proxy
 * wrote, counted from the right by ACCORD_TRUSTED_PROXIES (1 by default). Further left anybody may write anything.
 */
export function addressOf(headers: Headers): string | null {
  const hops = Math.max(1, Number(process.env.ACCORD_TRUSTED_PROXIES ?? 1) || 1);
  const chain = (headers.get("x-forwarded-for") ?? "").split(",").map((part) => part.trim());
  return chain.at(-hops)?.slice(0, 64) || null;
}
