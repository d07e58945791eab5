import fc from "fast-check";
import { expect, test } from "vitest";
import { returnPath } from "./return-path";

test("a path of ours is kept, with its filter", () => {
  expect(returnPath("/dead-letters?zone=orders&age=%3E5m")).toBe("/dead-letters?zone=orders&age=%3E5m");
});

test.each([
  "https://evil.example",
  "//evil.example",
  "/\\evil.example",
  "/\t/evil.example",
  "javascript:alert(1)",
  "evil",
  "",
  undefined,
  ["/zones", "/cases"],
  "/sign-in?from=/zones",
  "/api/sign-out",
  "/.//evil.example",
  "/..//evil.example",
  "/zones/..//evil.example",
  "/./\\evil.example",
  "/%2e//evil.example",
  "/zones/%2e%2e//evil.example",
  "/\\/evil.example",
])("%s leads to the start", (from) => {
  expect(returnPath(from)).toBe("/");
});

test("S5: whatever is asked for, a browser stays here", () => {
  const piece = fc.constantFrom(
    "/",
    "//",
    ".",
    "..",
    "\\",
    "%2e",
    "%2f",
    "%5c",
    "evil.example",
    "zones",
    "@",
    ":",
    "\t",
    "\n",
    "?",
    "#",
    "http:",
    "\u3002",
    "\uff0f",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const path = returnPath(`/${pieces.join("")}`);
      expect(new URL(path, "https://accord.example/sign-in").origin).toBe("https://accord.example");
      expect(path).toMatch(/^\/(?![/\\])/);
    }),
    { numRuns: 2_000 },
  );
});
