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
])("%s leads to the start", (from) => {
  expect(returnPath(from)).toBe("/");
});
