import { z } from "zod";
import { type RefusalKind, refusalStatus } from "@/lib/refusal";
import type { ApiRoute } from "./route";

type Schema = Record<string, unknown> & { properties?: Record<string, unknown>; required?: string[] };

const refusals: Record<RefusalKind, string> = {
  invalid: "Something in the request is not usable; the message names it and what to change.",
  unauthenticated: "No session and no token, or one that counts no more.",
  forbidden: "Role or zones do not allow it; the message says who may.",
  not_found: "There is no such thing, or it is not among your zones.",
  conflict: "Somebody was first, or the same Idempotency-Key was used for another request.",
  throttled: "Too many requests; Retry-After says in how many seconds to go on.",
  unavailable: "The store does not answer, or the question took too long.",
};
const about = `Every figure and every act of Accord's screens. Answers are JSON: \`{"value": …}\`, or \`{"refusal": {"kind", "message", "detail"}}\` with the status of its kind.
Acts are POST, are written down in the audit, and happen once per Idempotency-Key. Instants are epoch milliseconds, ids are texts, null is not known.`;

/** The API in the words of OpenAPI 3.1, made of the shapes that the route handlers themselves check with. */
export function openApiDocument(routes: readonly ApiRoute[], { cookie, version }: { cookie: string; version: string }) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const at = `/${route.path.replace(/\[(\w+)\]/g, "{$1}")}`;
    paths[at] = { ...paths[at], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: "3.1.1",
    info: { title: "Accord", version, description: about, license: { name: "Apache-2.0", identifier: "Apache-2.0" } },
    servers: [{ url: "/api/v1" }],
    security: [{ token: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes: {
        token: { type: "http", scheme: "bearer", bearerFormat: "acc_…", description: "A personal or a service token." },
        session: {
          type: "apiKey",
          in: "cookie",
          name: cookie,
          description: "A browser that is signed in; its POST requests must say Accord's own address as Origin.",
        },
      },
      schemas: { Refusal: refusalSchema },
      responses: Object.fromEntries(
        Object.entries(refusals).map(([kind, description]) => [
          kind,
          { description, ...jsonOf({ $ref: "#/components/schemas/Refusal" }), ...headersOf(kind) },
        ]),
      ),
      parameters: {
        IdempotencyKey: {
          name: "Idempotency-Key",
          in: "header",
          required: true,
          description: "Your name for this one request: sent again, it is the same request and has no second effect.",
          schema: { type: "string", pattern: "^[\\x21-\\x7e]{1,200}$" },
        },
      },
    },
  };
}

const refusalSchema = {
  type: "object",
  required: ["refusal"],
  properties: {
    refusal: {
      type: "object",
      required: ["kind", "message", "detail"],
      properties: {
        kind: { enum: Object.keys(refusalStatus) },
        message: { type: "string", description: "A sentence for the person who asked." },
        detail: { type: "object", description: "Plain facts, such as the field that was not usable." },
      },
    },
  },
};

function operation({ path, method, handler, name, purpose, answers }: ApiRoute) {
  const schema = inputOf(handler.takes);
  const inPath = [...path.matchAll(/\[(\w+)\]/g)].map((match) => match[1]!);
  const writes = method !== "GET";
  const rest = without(schema, [...inPath, ...(writes ? ["key"] : [])]);
  const [summary = "", ...more] = purpose.split(/(?<=[.;]) /);
  return {
    operationId: name,
    summary: summary.replace(/[.;]$/, ""),
    ...(more.length > 0 ? { description: purpose } : {}),
    tags: [path.split("/")[0]!],
    parameters: [
      ...inPath.map((of) => ({ name: of, in: "path", required: true, schema: schema.properties?.[of] ?? { type: "string" } })),
      ...(writes ? [{ $ref: "#/components/parameters/IdempotencyKey" }] : queryOf(rest)),
    ],
    ...(writes ? { requestBody: { required: (rest.required?.length ?? 0) > 0, ...jsonOf(rest) } } : {}),
    responses: {
      200: {
        description: "What was asked for.",
        ...(handler.gives ? { content: { [handler.gives]: {} } } : jsonOf(answerOf(answers))),
      },
      ...Object.fromEntries(
        Object.entries(refusalStatus).map(([kind, status]) => [status, { $ref: `#/components/responses/${kind}` }]),
      ),
    },
  };
}

function answerOf(answers: z.ZodType | null) {
  const { $schema: _, ...value } = answers ? z.toJSONSchema(answers) : {};
  return { type: "object", required: ["value"], properties: { value } };
}
const jsonOf = (schema: unknown) => ({ content: { "application/json": { schema } } });
const headersOf = (kind: string) =>
  kind === "throttled" ? { headers: { "Retry-After": { description: "Seconds.", schema: { type: "integer" } } } } : {};

function inputOf(takes: z.ZodType): Schema {
  const { $schema: _, ...schema } = z.toJSONSchema(takes, { io: "input", unrepresentable: "any" });
  return schema as Schema;
}

function without(schema: Schema, names: readonly string[]): Schema {
  const properties = Object.entries(schema.properties ?? {}).filter(([name]) => !names.includes(name));
  const required = (schema.required ?? []).filter((name) => !names.includes(name));
  const { required: _, ...same } = schema;
  return { ...same, properties: Object.fromEntries(properties), ...(required.length > 0 ? { required } : {}) };
}

const queryOf = ({ properties = {}, required = [] }: Schema) =>
  Object.entries(properties).map(([name, schema]) => ({ name, in: "query", required: required.includes(name), schema }));
