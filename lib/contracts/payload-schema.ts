import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { Path } from "./path.rules";
import type { PayloadSchema } from "./rules";

// What a schema does not know says nothing of a payload, as its standard has it; so does `format`. Nothing is fetched, and no number is too large.
const options = {
  strict: false,
  strictNumbers: false,
  allErrors: true,
  validateFormats: false,
  logger: false,
  messages: true,
} as const;

const DRAFT_2020 = /^https?:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/;
const DRAFT_7 = /^https?:\/\/json-schema\.org\/draft-07\/schema#?$/;

/** The validator for what a schema says it is written in, 2020-12 where it says nothing; null for another. */
function validatorOf(schema: PayloadSchema): Ajv | null {
  const draft = typeof schema === "object" ? (schema.$schema ?? null) : null;
  if (draft === null || (typeof draft === "string" && DRAFT_2020.test(draft))) return new Ajv2020(options);
  return typeof draft === "string" && DRAFT_7.test(draft) ? new Ajv(options) : null;
}

/** What is wrong with a schema itself, and where in it. */
export function schemaProblems(schema: unknown): { path: Path; message: string }[] {
  if (typeof schema !== "boolean" && (typeof schema !== "object" || schema === null || Array.isArray(schema)))
    return [{ path: [], message: "Expected a JSON Schema, found something else." }];
  const ajv = validatorOf(schema as PayloadSchema);
  if (!ajv) return [{ path: ["$schema"], message: "Expected a JSON Schema of draft 2020-12 or draft-07, found another." }];
  if (!ajv.validateSchema(schema as PayloadSchema)) {
    // The last says that none of several forms fits; the first says what is wrong with the nearest.
    const [first] = ajv.errors ?? [];
    return [
      {
        path: pathOf(schema, first?.instancePath ?? ""),
        message: `Expected a JSON Schema: this ${first?.message ?? "is none"}.`,
      },
    ];
  }
  try {
    ajv.compile(schema as PayloadSchema);
    return [];
  } catch (error) {
    return [{ path: [], message: `Expected a JSON Schema that stands alone: ${(error as Error).message.replace(/\.$/, "")}.` }];
  }
}

const pointed = (pointer: string): string[] =>
  pointer
    .split("/")
    .slice(1)
    .map((step) => step.replace(/~1/g, "/").replace(/~0/g, "~"));

/** A pointer as a path into a value: a step into a list is a number. */
function pathOf(root: unknown, pointer: string): Path {
  let at = root;
  return pointed(pointer).map((step) => {
    const key = Array.isArray(at) ? Number(step) : step;
    at = (at as Record<string | number, unknown> | undefined)?.[key];
    return key;
  });
}

const compiled = new WeakMap<object, ValidateFunction>();

/** How a payload differs from its schema: a place and a sentence each, without a value of it; `name` is a field of its own that the sentence names. Numbers are held against it as doubles. */
export function payloadProblems(schema: PayloadSchema, payload: unknown): { at: string; why: string; name?: string }[] {
  if (schema === true) return [];
  if (schema === false) return [{ at: "", why: "is of an event whose schema allows no payload" }];
  // Contracts are read once and kept, so a schema is compiled once.
  const validate = compiled.get(schema) ?? validatorOf(schema)!.compile(schema);
  compiled.set(schema, validate);
  if (validate(payload)) return [];
  return (validate.errors ?? []).slice(0, 50).map((error) => {
    const name: unknown = error.params.additionalProperty ?? error.params.unevaluatedProperty;
    return { at: error.instancePath, why: errorWords(error), ...(typeof name === "string" && { name }) };
  });
}

function errorWords({ keyword, params, message }: ErrorObject): string {
  if (keyword === "additionalProperties" || keyword === "unevaluatedProperties")
    return `must not have the field ${params.additionalProperty ?? params.unevaluatedProperty}`;
  if (keyword === "required") return `must have the field ${params.missingProperty}`;
  if (keyword === "enum" && Array.isArray(params.allowedValues))
    return `must be one of ${params.allowedValues
      .slice(0, 12)
      .map((value) => JSON.stringify(value))
      .join(", ")}`;
  return message ?? `does not keep to ${keyword}`;
}
