import { expect, test } from "vitest";
import { originShort } from "./origin-words";
import { changeOf } from "./origins.rules";

const of = { sourceId: "orders", known: [2] };
const deploy = { version: "5.13.0", at: 1_800_000_000_000, before: "5.12.0" };

test("X13: a deploy of the producer is to blame only where all of the sample were sent by it", () => {
  expect(changeOf(of, { schemas: [2], versions: ["5.13.0"], deploy })).toEqual({ sourceId: "orders", deploy, schema: null });
  for (const versions of [["5.12.0"], ["5.12.0", "5.13.0"], [null], []])
    expect(changeOf(of, { schemas: [2], versions, deploy })).toBeNull();
});

test("X13: a schema is to blame only where all of the sample came in it, and the contract knows others", () => {
  const schema = { version: 3, known: [2] };
  expect(changeOf(of, { schemas: [3], versions: [null], deploy: null })).toEqual({ sourceId: "orders", deploy: null, schema });
  expect(changeOf(of, { schemas: [3], versions: ["5.13.0"], deploy })).toEqual({ sourceId: "orders", deploy, schema });
  for (const schemas of [[2, 3], [null], [2], []]) expect(changeOf(of, { schemas, versions: [], deploy: null })).toBeNull();
  expect(changeOf({ ...of, known: [] }, { schemas: [3], versions: [], deploy: null })).toBeNull();
});

test("X13: a row of the list says it in a few words", () => {
  const schema = { version: 3, known: [2] };
  const change = { sourceId: "orders", service: "order-service" };
  expect(originShort({ ...change, deploy, schema: null })).toBe("since order-service's deploy of 5.13.0");
  expect(originShort({ ...change, deploy, schema })).toBe("since order-service's deploy of 5.13.0, in schema 3");
  expect(originShort({ ...change, deploy: null, schema })).toBe("order-service sends schema 3");
});
