const SCHEME = /^bearer\b\s*/i;

/** The token that a request shows, "" when it shows an empty one; null when it shows none. Another scheme is for a proxy before us. */
export function bearerOf(headers: Headers): string | null {
  const shown = headers.get("authorization")?.trim() ?? "";
  return SCHEME.test(shown) ? shown.replace(SCHEME, "").slice(0, 200) : null;
}
