import { expect, test } from "vitest";
import { foreignWords, setUpWords } from "./words";

const found = (failN: number, warnN: number, unknownN: number) => setUpWords({ checkedAt: 0, failN, warnN, unknownN });

test("a set-up is in order only where every check was asked and ended well", () => {
  expect(found(0, 0, 0)).toEqual({ tone: null, text: "in order" });
  expect(setUpWords(null)).toEqual({ tone: null, text: "not checked yet" });
  expect(found(0, 0, 12)).toEqual({ tone: null, text: "12 checks could not be asked" });
  expect(found(0, 1, 0)).toEqual({ tone: "risk", text: "1 thing worth knowing" });
  expect(found(2, 1, 3)).toEqual({ tone: "breach", text: "2 things to mend, 3 could not be asked" });
});

test("S17: a source says under whose consumer messages stand in it that are not taken", () => {
  const words = (ownerId: string | null) => foreignWords({ consumer: "billing", ownerId });
  expect(words("payments")).toMatch(
    /^messages are parked or held here under consumer billing, which belongs to source payments: they are not taken\./,
  );
  expect(words(null)).toContain("which belongs to another source");
});
