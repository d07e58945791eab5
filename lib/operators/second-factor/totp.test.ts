import { expect, test } from "vitest";
import { seconds } from "../../time";
import { makeTotpSecret, totpAt, totpStep, totpUri } from "./totp";

// The secret and the times of RFC 6238's appendix B, of whose eight digits the last six count.
const RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
test.each([
  [59, "287082"],
  [1_111_111_109, "081804"],
  [1_111_111_111, "050471"],
  [1_234_567_890, "005924"],
  [2_000_000_000, "279037"],
  [20_000_000_000, "353130"],
])("S15: the code of second %d is the one of RFC 6238", (at, code) => {
  expect(totpAt(RFC_SECRET, seconds(at))).toBe(code);
  expect(totpStep(RFC_SECRET, code, seconds(at))).toBe(Math.floor(at / 30));
});

test("S15: a code counts one step early and one step late, and no further", () => {
  const secret = makeTotpSecret();
  const now = Date.UTC(2026, 5, 18, 3, 12, 30);
  const found = [-2, -1, 0, 1, 2].map((steps) => totpStep(secret, totpAt(secret, now + seconds(30 * steps)), now));
  const step = now / seconds(30);
  expect(found).toEqual([null, step - 1, step, step + 1, null]);
});

test("S15: the square names the account and the environment, and holds the secret that authenticators take", () => {
  const secret = makeTotpSecret();
  expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  const uri = new URL(totpUri(secret, "anna@example.test", "Accord production"));
  expect([uri.protocol, uri.host, decodeURIComponent(uri.pathname)]).toEqual([
    "otpauth:",
    "totp",
    "/Accord production:anna@example.test",
  ]);
  expect(Object.fromEntries(uri.searchParams)).toMatchObject({ secret, issuer: "Accord production", digits: "6", period: "30" });
});
