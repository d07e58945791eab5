import { expect, test } from "vitest";
import { startProblems } from "./rules";

const whole = {
  DATABASE_URL: "postgres://accord_app:x@db/accord",
  NEXTAUTH_URL: "https://accord.example.com",
  NEXTAUTH_SECRET: "Zk3q8vXw1nRt5yLp0cHs7dGm2bJf9aQe",
};

test("with everything in place, nothing stands in the way", () => {
  expect(startProblems(whole, () => true)).toEqual([]);
});

test("each missing thing is named in a sentence of its own", () => {
  const problems = startProblems({}, () => false);
  const names = ["DATABASE_URL", "accord.yaml", "NEXTAUTH_URL", "NEXTAUTH_SECRET", "npm run build"];
  expect(problems).toHaveLength(names.length);
  for (const [i, name] of names.entries()) expect(problems[i]).toContain(name);
});

test("a short secret and an address that is none are as good as missing", () => {
  expect(startProblems({ ...whole, NEXTAUTH_SECRET: "short" }, () => true)).toEqual([expect.stringMatching(/shorter than 32/)]);
  expect(startProblems({ ...whole, NEXTAUTH_URL: "accord" }, () => true)).toEqual([expect.stringMatching(/^NEXTAUTH_URL/)]);
});

test("another configuration file is looked for where ACCORD_CONFIG says", () => {
  expect(startProblems({ ...whole, ACCORD_CONFIG: "/etc/accord.yaml" }, (file) => file !== "/etc/accord.yaml")).toEqual([
    expect.stringMatching(/^\/etc\/accord\.yaml does not exist/),
  ]);
});

test.each(["a".repeat(32), "ab".repeat(20), "secret".repeat(8), "0123".repeat(10)])(
  "S16: a secret that is a pattern is as good as missing: %s",
  (secret) => {
    expect(startProblems({ ...whole, NEXTAUTH_SECRET: secret }, () => true)).toEqual([
      expect.stringMatching(/pattern that can be guessed/),
    ]);
  },
);

test("C8: what the store's address demands of TLS and cannot be kept is said before anything starts", () => {
  const problem = (env: Record<string, string>) => startProblems({ ...whole, ...env }, () => true);
  expect(problem({ DATABASE_TLS: "verify-full" })).toEqual([]);
  expect(problem({ DATABASE_TLS: "prefer" })).toEqual([expect.stringMatching(/^DATABASE_URL: sslmode=prefer does not say/)]);
  expect(problem({ DATABASE_TLS: "verify-ca", DATABASE_CA: "/nowhere/ca.pem" })).toEqual([
    expect.stringContaining("/nowhere/ca.pem"),
  ]);
});
