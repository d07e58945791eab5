import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, test } from "vitest";
import { z } from "zod";
import { openApiDocument } from "./document";
import { apiRoutes } from "./routes";

const document = openApiDocument(apiRoutes, { cookie: "accord-session", version: "0.1.0" });
type Operation = { operationId: string; summary: string; parameters: { name?: string; in?: string; $ref?: string }[] };
const operations = Object.entries(document.paths).flatMap(([at, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path: at, method, ...(operation as Operation) })),
);

const api = path.join(import.meta.dirname, "../../api/v1");
// The document does not list the address where it is read itself.
const onDisk = readdirSync(api, { recursive: true, encoding: "utf8" })
  .filter((file) => path.basename(file) === "route.ts" && path.dirname(file) !== "openapi.json")
  .map((file) => path.dirname(file).replaceAll(path.sep, "/"));

test("every handler on disk is registered as what it is, and nothing else is", async () => {
  expect(onDisk.length).toBeGreaterThan(25);
  const handlers = new Map<string, unknown>();
  for (const folder of onDisk) {
    const exported = (await import(path.join(api, folder, "route.ts"))) as Record<string, unknown>;
    for (const [method, handler] of Object.entries(exported)) handlers.set(`${method} ${folder}`, handler);
  }
  const registered = apiRoutes.map(({ method, path: at }) => `${method} ${at}`);
  expect(registered.toSorted()).toEqual([...handlers.keys()].sort());
  for (const { method, path: at, handler } of apiRoutes) expect(handler, `${method} ${at}`).toBe(handlers.get(`${method} ${at}`));
});

// Streams and files are no values; the others wait for their shapes, and the list may only get shorter.
const undeclared = [
  "POST audit/export",
  "POST dead-letters/export",
  "POST zones/[zoneId]/undelivered/export",
  "GET cases/[caseId]",
  "GET dead-letters/groups",
  "GET dead-letters/groups/[groupId]",
  "GET dead-letters/messages/[id]",
  "GET divergences",
  "GET divergences/[divergenceId]",
  "GET divergences/rules",
  "GET events",
  "GET keys",
  "GET promises/csv",
  "GET zones",
  "GET zones/[zoneId]",
  "GET zones/[zoneId]/activity",
  "GET zones/[zoneId]/contract",
];
test("every answer has its declared shape, but for those that are named here", () => {
  const found = apiRoutes.filter(({ answers }) => answers === null).map(({ method, path: at }) => `${method} ${at}`);
  expect(found.toSorted()).toEqual(undeclared.toSorted());
});

test("the document tells the shape of an answer, and that it has no further fields", () => {
  const { responses } = document.paths["/operators/names"]!.get as unknown as { responses: Record<string, unknown> };
  expect(responses[200]).toMatchObject({
    content: {
      "application/json": {
        schema: {
          properties: {
            value: { type: "array", items: { required: ["id", "name"], additionalProperties: false } },
          },
        },
      },
    },
  });
});

test.each(apiRoutes.map((route) => [`${route.method} ${route.path}`, route] as const))(
  "%s says what it takes: its parser is made by parserOf, or its handler carries `takes`",
  (_name, { handler, path: at, purpose }) => {
    expect(handler.takes).toBeInstanceOf(z.ZodType);
    const shape = z.toJSONSchema(handler.takes, { io: "input", unrepresentable: "any" });
    expect(shape).toMatchObject({ type: "object" });
    expect(Object.keys(shape.properties ?? {})).toEqual(
      expect.arrayContaining([...at.matchAll(/\[(\w+)\]/g)].map((match) => match[1])),
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

test("X27: every route that a document names exists, with its method", () => {
  const docs = path.join(import.meta.dirname, "../../../docs");
  const known = new Set(apiRoutes.map(({ method, path: at }) => `${method} ${at.replace(/\[\w+\]/g, "{}")}`));
  const naming = /\b(GET|POST)[ `]+(?:https:\/\/accord\.example)?\/api\/v1\/([\w{}<>/.-]*[\w}>])/g;
  const named = readdirSync(docs)
    .filter((file) => file.endsWith(".md"))
    .flatMap((file) =>
      [...readFileSync(path.join(docs, file), "utf8").matchAll(naming)].map(([, method, at]) => ({
        file,
        route: `${method} ${at!.replace(/\{\w+\}|<\w+>/g, "{}")}`,
      })),
    );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter(({ route }) => !known.has(route) && route !== "GET openapi.json")).toEqual([]);
});
