import fc from "fast-check";
import type { openApiDocument } from "@/app/_server/openapi/document";

/** Values by the name of their field that mean something in a store. */
export type Known = Record<string, readonly unknown[]>;
type Document = ReturnType<typeof openApiDocument>;
type Schema = {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  pattern?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
};
type Parameter = { name: string; in: string; required: boolean; schema: Schema };

/** A request as the document allows it, or as somebody means harm. */
export type Input = { path: Record<string, string>; query: [string, string][]; body: unknown; raw: string | null };
/** One operation of the document, and what may be asked of it. */
export type Asked = { path: string; method: "GET" | "POST"; input: fc.Arbitrary<Input> };

// What breaks parsers, queries and screens elsewhere: each has done so somewhere.
const nasty = [
  ...["", " ", "\u0000", "a\u0000b", "\ud800", "\udc00x", "%00", "%", "\u202e", "\ufeff", "🦔".repeat(60), "é\u0301", "\n"],
  ...["'; drop table operator; --", "' or 1=1 --", "$1", "\\", "../../etc/passwd", "{{7*7}}", "<script>", "{}", "[]", "null"],
  ...["__proto__", "constructor", "toString", "hasOwnProperty", "0", "-1", "-0", "00", "1e9", "1e400", "NaN", "Infinity", "0x10"],
  ...[
    "9".repeat(15),
    "9".repeat(16),
    "9".repeat(40),
    "9007199254740993",
    "2147483648",
    "-9223372036854775809",
    "8640000000000001",
  ],
  ...["1-1", "9-999999999999999", "99999999999-1", "-1--1", "none~orders~x", "7d", "<7d", "a,b", ",,,", "x".repeat(5_000)],
];
const nastyText = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...nasty) }, fc.string({ unit: "binary", maxLength: 60 }));
const nastyValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: nastyText },
  fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 2 ** 53, 1e300, -0, [], {}, [[]], ["a", 1], { a: { b: [] } }),
  fc.constantFrom<unknown>(
    Array.from({ length: 400 }, (_, i) => i),
    JSON.parse('{"__proto__": {"role": "administrator"}}'),
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

const noJson = ["", "{", "[]", "null", '"x"', "{}}", "\u0000", `{"a":"${"x".repeat(70_000)}"}`];

/** Everything that the document lets somebody ask. `known` are values by name that mean something in this store. */
export function askedOf(document: Document, known: Known): Asked[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const { parameters, requestBody } = operation as {
        parameters: Parameter[];
        requestBody?: { content: Record<string, { schema: Schema }> };
      };
      const from = (at: string) => parameters.filter((one) => one.in === at);
      const body = requestBody?.content["application/json"]?.schema;
      return {
        path,
        method: method.toUpperCase() as "GET" | "POST",
        input: fc.record({
          path: fc.record(Object.fromEntries(from("path").map(({ name, schema }) => [name, address(name, schema, known)]))),
          query: queryOf(from("query"), known),
          body: body ? bodyOf(body, known) : fc.constant(null),
          raw: body ? fc.oneof({ weight: 24, arbitrary: fc.constant(null) }, fc.constantFrom(...noJson)) : fc.constant(null),
        }),
      };
    }),
  );
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));
const address = (name: string, schema: Schema, known: Known): fc.Arbitrary<string> =>
  fc.oneof({ weight: 5, arbitrary: made(name, schema, known).map(textOf) }, nastyText);

function queryOf(parameters: readonly Parameter[], known: Known): fc.Arbitrary<[string, string][]> {
  if (parameters.length === 0) return fc.array(fc.tuple(nastyText, nastyText), { maxLength: 1 });
  const one = fc
    .constantFrom(...parameters)
    .chain(({ name, schema }) => address(name, schema, known).map((value): [string, string] => [name, value]));
  // Every narrowing shows less: half of the time there is none.
  const some = fc.oneof(fc.constant([]), fc.array(one, { maxLength: 5 }));
  const must = parameters
    .filter(({ required }) => required)
    .map(({ name, schema }) => fc.tuple(fc.constant(name), address(name, schema, known)));
  return fc.tuple(fc.tuple(...must), some).map(([needed, more]) => [...needed, ...more]);
}

// Mostly whole inputs: what is refused at the door tests the door only.
function bodyOf(schema: Schema, known: Known): fc.Arbitrary<unknown> {
  const whole = made("", schema, known);
  const odd = fc.tuple(whole, fc.constantFrom(...Object.keys(schema.properties ?? { none: 1 }), "extra"), nastyValue);
  return fc.oneof(
    { weight: 10, arbitrary: whole },
    { weight: 3, arbitrary: odd.map(([value, name, other]) => ({ ...(value as object), [name]: other })) },
    nastyValue,
  );
}

function made(name: string, schema: Schema, known: Known): fc.Arbitrary<unknown> {
  const values = known[name];
  const other = madeAs(name, schema, known);
  return values?.length ? fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...values) }, other) : other;
}

function madeAs(name: string, schema: Schema, known: Known): fc.Arbitrary<unknown> {
  const several = schema.anyOf ?? schema.oneOf;
  if (several) return fc.oneof(...several.map((one) => made(name, one, known)));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case "object":
      return objectOf(schema, known);
    case "array":
      return fc.array(made(singular(name), schema.items ?? {}, known), { maxLength: Math.min(4, schema.maxItems ?? 4) });
    case "integer":
    case "number":
      return numberOf(schema);
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "string":
      return stringOf(schema);
    default:
      return nastyValue;
  }
}

const singular = (name: string): string => ({ groups: "groupId", messages: "id", zones: "zoneId", sagas: "saga" })[name] ?? name;

function objectOf({ properties = {}, required = [] }: Schema, known: Known): fc.Arbitrary<object> {
  const fields = Object.entries(properties).map(([name, schema]) => [name, made(name, schema, known)] as const);
  return fc.record(Object.fromEntries(fields), { requiredKeys: required });
}

function numberOf({ type, minimum = -1_000, maximum = 2_000_000 }: Schema): fc.Arbitrary<number> {
  const [min, max] = [Math.max(minimum, -(2 ** 40)), Math.min(maximum, 2 ** 42)];
  const near = fc.constantFrom(...[0, 1, min, max, Date.now(), Date.now() + 3_600_000]);
  return fc.oneof(
    near,
    type === "integer"
      ? fc.integer({ min: Math.ceil(min), max: Math.min(2 ** 31 - 1, Math.floor(max)) })
      : fc.double({ min, max, noNaN: true }),
  );
}

function stringOf({ format, pattern, minLength = 0, maxLength = 60 }: Schema): fc.Arbitrary<string> {
  if (format === "uuid") return fc.uuid();
  if (format === "email") return fc.emailAddress();
  if (pattern) {
    try {
      return fc.stringMatching(new RegExp(pattern), { size: "-1" });
    } catch {
      // A pattern that the generator does not know is met by chance, or refused.
    }
  }
  const words = fc.constantFrom("the fix is out, so it may go on", "another long sentence for whoever reads it");
  return fc.oneof(
    { weight: 4, arbitrary: words },
    fc.string({ minLength: Math.min(minLength, 40), maxLength: Math.min(maxLength, 60) }),
  );
}
