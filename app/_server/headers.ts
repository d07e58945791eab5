/** The headers that every answer carries; `nonce` is what scripts of this one page must show to run. */
export function securityHeaders(
  nonce: string,
  { https, development }: { https: boolean; development: boolean },
): [string, string][] {
  return [
    ["content-security-policy", contentPolicy(nonce, https, development)],
    ["x-content-type-options", "nosniff"],
    ["referrer-policy", "same-origin"],
    ["permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"],
    ["cross-origin-opener-policy", "same-origin"],
    ["cross-origin-resource-policy", "same-origin"],
    ...(https ? [["strict-transport-security", "max-age=63072000; includeSubDomains"] satisfies [string, string]] : []),
  ];
}

function contentPolicy(nonce: string, https: boolean, development: boolean): string {
  const policy: Record<string, string> = {
    "default-src": "'self'",
    // React's development build tells where an error came from with eval.
    "script-src": `'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    // Charts and floating panels are placed by style attributes, which no nonce can name.
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
  };
  const lines = Object.entries(policy).map(([name, value]) => `${name} ${value}`);
  return [...lines, ...(https ? ["upgrade-insecure-requests"] : [])].join("; ");
}
