import { expect, test } from "vitest";
import { wasPaged } from "./paged.rules";

const jo = { name: "Jo Okafor", email: "jo@shop.example" };

test("a page is somebody's own where it went to their address, or the contract names them; a team's is nobody's by name", () => {
  expect(wasPaged(jo, ["checkout", "payments"], ["ops@shop.example"])).toBe(false);
  expect(wasPaged(jo, ["checkout", ""], ["ops@shop.example", "Jo@shop.example"])).toBe(true);
  expect(wasPaged(jo, ["checkout", "jo okafor"], [])).toBe(true);
  expect(wasPaged(jo, ["jo@shop.example", ""], [])).toBe(true);
  expect(wasPaged(jo, [], [])).toBe(false);
});
