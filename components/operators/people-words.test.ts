import { expect, test } from "vitest";
import type { Operator } from "@/lib/operators/rules";
import { textOf } from "@/lib/words";
import { agentText, factorText, peopleSentence, personSentence } from "./people-words";

const person = (more: Partial<Operator> = {}): Operator => ({
  ...{ id: "1", name: "Ada", email: "ada@example.test", role: "administrator", zones: null, active: true, passwordOnce: false },
  ...{ signsInWith: "password", createdAt: 0, lastSeenAt: null, secondFactorSince: null, recoveryCodesLeft: 0 },
  ...more,
});
const sentence = (operators: Operator[], more = false) => textOf(peopleSentence({ now: 0, operators, more }));

test("X29: the sentence counts who may sign in, and warns when Accord hangs on one of them", () => {
  expect(sentence([person()])).toContain("1 person may sign in. Only one of them is an administrator for all zones");
  expect(sentence([person(), person({ role: "viewer" }), person({ active: false })])).toContain("Only one of them");
  expect(sentence([person(), person({ zones: ["orders"] })])).toContain("Only one of them");
  expect(sentence([person(), person()])).toBe("2 people may sign in. 2 of them are administrators for all zones.");
  expect(sentence([person(), person()], true)).toBe("More than 2 people may sign in. Only the first 2 by name are listed.");
});

test("a person's sentence says what they are, where, and how much is open; who is switched off is so first", () => {
  const said = (more: Partial<Operator>) => textOf(personSentence({ now: 0, operator: person(more), sessions: [], tokens: [] }));
  expect(said({})).toBe("Ada is an administrator for all zones, with no session open.");
  expect(said({ role: "viewer", zones: ["orders", "books"] })).toBe("Ada is a viewer for orders, books, with no session open.");
  expect(said({ active: false })).toBe("Ada may not sign in. What they did stays in the audit.");
});

test("S15: a person's page says whether a password alone lets them in, and how many recovery codes are left", () => {
  expect(factorText(person())).toBe("none");
  expect(factorText(person({ secondFactorSince: 1, recoveryCodesLeft: 1 }))).toBe("authenticator, with 1 recovery code left");
  expect(factorText(person({ secondFactorSince: 1, recoveryCodesLeft: 0 }))).toContain("no recovery code left");
  expect(factorText(person({ secondFactorSince: 1, recoveryCodesLeft: 10 }))).toBe("authenticator, with 10 recovery codes left");
  expect(factorText(person({ signsInWith: "openid_connect" }))).toBe("the provider's");
});

test("a browser is named in two words, and one that nobody knows by its own", () => {
  expect(agentText("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0 Safari/537.36")).toBe(
    "Chrome on Linux",
  );
  expect(
    agentText("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604.1"),
  ).toBe("Safari on iOS");
  expect(agentText("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/138.0 Safari/537.36 Edg/138.0")).toBe(
    "Edge on Windows",
  );
  expect(agentText("curl/8.5.0")).toBe("curl/8.5.0");
  expect(agentText("")).toBe("not said");
});
