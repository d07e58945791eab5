// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the braces are the files' own

import { describe, expect, test } from "vitest";
import { presetNames } from "../presets/known.rules";
import { parseAccord } from "./input";
import { accordText, environment } from "./testing";

type Broken = [promise: string, from: string, to: string, at: string, words: string];

const sources: Broken[] = [
  [
    "an unset variable is named",
    "ORDERS_URL",
    "ORDRES_URL",
    "6:10",
    "Expected the environment variable ORDRES_URL to be set, found nothing",
  ],
  ["a variable has a name", "${ORDERS_URL}", "${ORDERS URL}", "6:10", "Expected the name of an environment variable"],
  ["an open brace is no variable", "${ORDERS_URL}", "${ORDERS_URL", "6:10", "Expected the name of an environment variable"],
  [
    "what every object has is no variable",
    "ORDERS_URL",
    "constructor",
    "6:10",
    "Expected the environment variable constructor to be set",
  ],
  [
    "a url is of PostgreSQL, and is not repeated",
    "postgres://observer",
    "mysql://observer",
    "11:10",
    "Expected the address of a PostgreSQL database, best as an environment variable, found something else",
  ],
  [
    "T10: a preset is known",
    "    act: false",
    "    preset: rabbit",
    "12:13",
    `Expected ${presetNames.slice(0, -1).join(", ")} or ${presetNames.at(-1)}, found "rabbit"`,
  ],
  [
    "a look is not rarer than what counts as fresh",
    "observe_every: 2s",
    "observe_every: 1m",
    "8:20",
    "Expected a duration from 100ms to 10s",
  ],
  ["act is yes or no", "act: false", "act: never", "12:10", 'Expected true, or false to observe only, found "never"'],
  ["a time zone exists", "act: false", "time_zone: Mars/Olympus", "12:16", "Expected a time zone such as UTC or Europe/Berlin"],
  ["a source has a service", "    service: payment-service\n", "", "9:3", "service is missing"],
  ["a source's name fits an address", "  payments:", "  pay ments:", "9:3", "Expected a source's name of letters"],
  ["consumers are a list", "[order-service, order-view]", "order-service", "7:16", "Expected a list of inbox.consumer values"],
  ["an unknown key brings the nearest known", "act: false", "actt: false", "12:5", 'did you mean "act"?'],
  ["the environment has a name", "environment: test\n", "", "1:1", "environment is missing"],
];

describe("a broken accord.yaml says where, what was expected and what was found", () => {
  test.each(sources)("%s", (_, from, to, at, words) => {
    const parsed = parseAccord(accordText.replace(from, to), "accord.yaml", environment);
    const said = parsed.ok ? [] : parsed.problems.map((problem) => `${problem.line}:${problem.column} ${problem.message}`);
    expect(
      said.filter((line) => line.startsWith(`${at} `) && line.includes(words)),
      said.join("\n"),
    ).toHaveLength(1);
    expect(said.join("\n")).not.toMatch(/pa55/);
  });

  test.each([
    ["an empty file", ""],
    ["a file of comments", "# nothing\n"],
    ["a list", "- a\n"],
    ["a text", "hello\n"],
  ])("%s is no configuration", (_, text) => {
    const parsed = parseAccord(text, "accord.yaml", environment);
    expect(parsed).toMatchObject({
      ok: false,
      problems: [
        {
          line: 1,
          column: 1,
          message: expect.stringMatching(/^Expected a mapping with version, environment and sources, found/),
        },
      ],
    });
  });
});
