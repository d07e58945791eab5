import { expect, test } from "vitest";
import { cell } from "./export";

test.each(["a;=1+1", ";@SUM(1)", "x;-2;+3", ";\t=1"])(
  "S18: %j begins no formula where a spreadsheet splits at semicolons",
  (text) => {
    for (const part of cell(text).replaceAll('"', "").split(";")) expect(part).not.toMatch(/^[=+\-@\t\r\n]/);
    expect(cell(text).replaceAll('"', "").replaceAll("'", "")).toBe(text);
  },
);
