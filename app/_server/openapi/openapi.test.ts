import { readFileSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, test } from "vitest";
import { z } from "zod";
import { openApiDocument } from "./document";
import { apiRoutes } from "./routes";
import { methodsOf, tableFile, tableText } from "./table";

const document = openApiDocument(apiRoutes, { cookie: "accord-session", version: "0.1.0" });
type Operation = { operationId: string; summary: string; parameters: { name?: string; in?: string; $ref?: string }[] };
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, ...(operation as Operation) })),
);

test("app/_server/openapi/routes.ts lists every route on disk; `npm run api:table` writes it", () => {
  expect(readFileSync(tableFile, "utf8"), "run `npm run api:table`").toBe(tableText());
  expect(apiRoutes.length).toBeGreaterThan(25);
});

test.each(apiRoutes.map((route) => [`${route.method} ${route.path}`, route] as const))(
  "%s says what it takes: its parser is made by parserOf, or its handler carries `takes`",
  (_name, { door, path, purpose }) => {
    expect(door.takes).toBeInstanceOf(z.ZodType);
    const shape = z.toJSONSchema(door.takes!, { io: "input", unrepresentable: "any" });
    expect(shape).toMatchObject({ type: "object" });
    expect(Object.keys(shape.properties ?? {})).toEqual(
      expect.arrayContaining([...path.matchAll(/\[(\w+)\]/g)].map((match) => match[1])),
    );
    expect(purpose).toMatch(/^[A-Z].{15,400}[.]$/);
  },
);

test("the document is valid OpenAPI 3.1", async () => {
  const validator = new Validator();
  expect(await validator.validate(structuredClone(document))).toEqual({ valid: true });
  expect(validator.version).toBe("3.1");
});

test("a document with a mistake is found to have one, so that the check above means something", async () => {
  const broken = structuredClone(document) as { paths: Record<string, unknown> };
  broken.paths["/zones"] = { get: { parameters: [{ name: "q", in: "nowhere" }] } };
  expect(await new Validator().validate(broken)).toMatchObject({ valid: false });
});

test("every operation has its own name, its summary, its refusals, and acts need a key", () => {
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  for (const { method, parameters, summary, ...rest } of operations) {
    expect(summary.length).toBeGreaterThan(10);
    expect(parameters.some((one) => one.$ref === "#/components/parameters/IdempotencyKey")).toBe(method === "post");
    expect(Object.keys((rest as unknown as { responses: object }).responses)).toEqual(
      expect.arrayContaining(["200", "400", "401", "403", "404", "409", "429", "503"]),
    );
  }
});

test("path, query and body are told apart", () => {
  const charts = document.paths["/zones/{zoneId}/charts"]!.get as Operation;
  expect(charts.parameters.map(({ name, in: at }) => `${at} ${name}`)).toEqual(["path zoneId", "query range"]);
  const change = document.paths["/operators/{operatorId}"]!.post as {
    requestBody: { content: Record<string, { schema: object }> };
  };
  expect(Object.keys((change.requestBody.content["application/json"]!.schema as { properties: object }).properties)).toEqual([
    "name",
    "role",
    "zones",
    "active",
  ]);
});

test("a verb without a sentence above it is named, with what to do", () => {
  const text = 'import { look } from "@/lib/x/service";\nexport const GET = read(parseNothing, look);\n';
  expect(() => methodsOf("x", text, () => "export async function look() {}")).toThrow(
    /verb look of lib\/x\/service\.ts.*sentence/,
  );
  expect(methodsOf("x", text, () => "/** Looks. */\nexport async function look() {}")).toEqual([
    { path: "x", method: "GET", name: "look", purpose: "Looks." },
  ]);
});

test("a verb that is shared among readers is found, and a route that says nothing recognisable is refused", () => {
  const verb = "/** Looks. */\nexport async function look() {}";
  const text = 'import { look } from "@/lib/x/service";\nexport const GET = read(parseNothing, shared(look));\n';
  expect(methodsOf("x", text, () => verb)).toMatchObject([{ method: "GET", name: "look" }]);
  expect(() => methodsOf("x", "export const handler = 1;\n", () => verb)).toThrow(/x\/route\.ts: no method is recognised/);
});
