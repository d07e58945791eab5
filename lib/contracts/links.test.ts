// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the braces are the files' own
import { describe, expect, test } from "vitest";
import { parseAccord } from "./input";
import { linkOf } from "./links.rules";
import { accordText, environment } from "./testing";

const linted = (kind: string, address: string): string => {
  const parsed = parseAccord(`${accordText}links:\n  ${kind}: "${address}"\n`, "accord.yaml", environment);
  if (parsed.ok) return "fine";
  return parsed.problems.map(({ line, column, message }) => `${line}:${column} ${message}`).join(" ");
};
const T = "https://tickets.example";

describe("addresses of other tools are linted with line, column and words", () => {
  test.each([
    ["ticket", `${T}/browse/{ticket}`, "fine"],
    ["logs", "https://logs.example/?q={correlation_id}&from={from}&to={to}", "fine"],
    ["commit", "https://git.example/{consumer}/compare/{from}...{to}", "fine"],
    ["ticket", `${T}/{tickt}`, '15:11 Expected one of {ticket}, found the unknown place "{tickt}"; did you mean {ticket}?'],
    ["trace", `${T}/{key}`, '15:10 Expected one of {trace_id}, found the unknown place "{key}".'],
    ["ticket", `${T}/browse`, "15:11 Expected a place for a value, such as {ticket}, found none."],
    ["ticket", "javascript:alert('{ticket}')", "15:11 Expected an address that begins with https://, found another one."],
    ["ticket", "http://tickets.example/{ticket}", "15:11 Expected an address that begins with https://, found another one."],
    [
      "ticket",
      "https://{ticket}/x",
      "15:11 Expected an address whose host is written out, so that no message says where a click leads, found another one.",
    ],
    [
      "ticket",
      "https://a:b@x/{ticket}",
      "15:11 Expected an address without a name or a password before its host, found another one.",
    ],
    [
      "ticket",
      `${T}/{ticket`,
      "15:11 Expected an address without blanks, and with each place between one { and one }, found another one.",
    ],
    [
      "tickets",
      `${T}/{ticket}`,
      '15:3 Expected one of ticket, trace, logs, runbook and commit, found the unknown name "tickets"; did you mean "ticket"?',
    ],
  ])("%s: %s", (kind, address, words) => expect(linted(kind, address)).toBe(words));
});

test.each([
  [
    "is encoded, so that it adds nothing to the address",
    `${T}/{ticket}?a=1`,
    { ticket: "A/../b?x=1#y&é" },
    `${T}/A%2F..%2Fb%3Fx%3D1%23y%26%C3%A9?a=1`,
  ],
  ["that is not known gives no link", `${T}/{ticket}`, { ticket: null }, null],
  ["that is a step up gives no link", `${T}/{ticket}`, { ticket: ".." }, null],
  ["that says how to replace is only text", `${T}/{ticket}`, { ticket: "$&" }, `${T}/%24%26`],
  ["that looks like a place is only text", `${T}/{ticket}`, { ticket: "{key}" }, `${T}/%7Bkey%7D`],
])("a value %s", (_, template, values, link) => expect(linkOf(template, values)).toBe(link));
