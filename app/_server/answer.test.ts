import { expect, test } from "vitest";
import { parseJson } from "@/lib/json";
import { answer } from "./answer";

test("T4: an answer has the digits that were read", async () => {
  const payload = '{"id":9007199254740993,"price":1.10}';
  const response = await answer(new Request("http://localhost/"), async () => ({ payload: parseJson(payload), now: 1.5 }));
  expect(await response.text()).toBe(`{"value":{"payload":${payload},"now":1.5}}`);
  expect(response.headers.get("content-type")).toBe("application/json");
});
