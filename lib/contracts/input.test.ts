// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the braces are the files' own
import { expect, test } from "vitest";
import { parseAccord, parseContract } from "./input";
import { accordText, contractText, environment } from "./testing";

test("a variable's value is put in after reading, so it cannot become YAML, and is not read for variables again", () => {
  const parsed = parseAccord(accordText, "accord.yaml", { ORDERS_URL: "postgres://u:a#b: ${HOME}@h/db\nact: false" });
  expect(parsed.ok).toBe(false);
  const plain = parseAccord(accordText, "accord.yaml", { ORDERS_URL: "postgres://u:a#b:${HOME}@h/db" });
  expect(plain).toMatchObject({ ok: true, sources: [{ url: "postgres://u:a#b:${HOME}@h/db", act: true }, { act: false }] });
});

test("a value that came from a variable is called by the variable's name", () => {
  const parsed = parseAccord(accordText.replace("act: false", "act: ${ACT}"), "accord.yaml", {
    ...environment,
    ACT: "hunter2-hunter2",
  });
  expect(parsed).toMatchObject({
    ok: false,
    problems: [{ message: "Expected true, or false to observe only, found the value of ${ACT}." }],
  });
});

test("nesting without end, and aliases that multiply, are refused before they grow", () => {
  const bomb = [
    "a: &a [x, x, x, x, x, x, x, x]",
    ...["b", "c", "d", "e", "f", "g", "h"].map(
      (name, i) => `${name}: &${name} [${Array(8).fill(`*${"abcdefg"[i]}`).join(", ")}]`,
    ),
  ];
  for (const text of ["[".repeat(200_000), "a: ".repeat(100_000), "? ".repeat(100_000), "&a [*a]", bomb.join("\n")]) {
    expect(parseContract(text, "contract.yaml").ok).toBe(false);
  }
});

test("every key of a contract arrives, with durations in milliseconds and percents as ratios", () => {
  const parsed = parseContract(contractText, "contract.yaml");
  expect(parsed).toMatchObject({ ok: true });
  if (parsed.ok) expect(parsed.contract).toMatchSnapshot();
});

test("what a contract leaves out has the documented default", () => {
  const text =
    "version: 1\nzone: z\ntitle: Z\npromise: p\nexpectation: { class: eventual, window: 5m }\naccountability: { owner: o }\n";
  const parsed = parseContract(text, "contract.yaml");
  expect(parsed).toMatchObject({
    ok: true,
    contract: {
      businessKey: { name: "key", pattern: null },
      expectation: { windowMs: 300_000, atRisk: 0.7, slo: null },
      semantics: { propagation: "outbox", ordering: "by-key", events: [], states: {} },
      recovery: { retry: null, cases: { dueMs: 3_600_000 }, approvals: { discard: 1, editAndRetry: 1, retryAbove: 1_000 } },
      accountability: { onCall: null, alerts: [], runbooks: [] },
    },
  });
});

test("what a source leaves out has the documented default", () => {
  const parsed = parseAccord(
    "version: 1\nenvironment: e\nsources: { s: { service: svc, url: 'postgres://h/d' } }\n",
    "accord.yaml",
    {},
  );
  const url = "postgres://h/d";
  expect(parsed).toMatchObject({
    ok: true,
    contracts: "./contracts",
    sources: [
      {
        sourceId: "s",
        service: "svc",
        preset: "native",
        url,
        actUrl: url,
        consumers: ["svc"],
        schema: "messaging",
        observeEveryMs: 2_000,
        act: true,
        timeZone: "UTC",
      },
    ],
  });
});
