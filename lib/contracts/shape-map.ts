import { z } from "zod";
import { expressionOf, fromOf, sqlProblem } from "../presets/fragment.rules";
import { absences, epochUnits, type MapKind, mapFields, outcomeWords } from "../presets/map.rules";
import { choice } from "./fields";

const CHARS_MAX = 4_000;

/** SQL that stands within a statement of Accord's; an issue says what of it cannot. */
const sqlText = (words: string, problemOf: (text: string) => string | null) =>
  z
    .string()
    .max(CHARS_MAX)
    .superRefine((text, ctx) => {
      const problem = problemOf(text);
      if (problem) ctx.addIssue({ code: "custom", message: `${words}, and this ${problem}` });
    })
    .describe(words);

const expression = sqlText(
  "a column, a column with a JSON path such as data $.order.id, or an SQL expression over the row",
  (text) => sqlProblem(text) ?? sqlProblem(expressionOf(text)),
);
const from = sqlText(
  "a table with an alias such as app.job t, with joins and a where if need be",
  (text) =>
    sqlProblem(text) ??
    (fromOf(text) === null ? "does not begin with the name of a table, or orders, groups or limits its rows" : null),
);
/** A statement over `:id` and `:consumer`, or what only reads. */
const statement = (words: string, begins: RegExp) =>
  sqlText(words, (text) => sqlProblem(text) ?? (begins.test(text) ? null : "begins otherwise"));
const doing = statement(
  "one statement such as update app.job set state = 1 where id = :id",
  /^\s*(update|delete|insert|select|with|call)\b/i,
);

const expressions = (kind: MapKind) =>
  Object.fromEntries(
    Object.keys(mapFields[kind]).map((name) => [name, (name === "from" ? from : expression).optional()]),
  ) as Record<string, z.ZodOptional<typeof expression>>;
const epoch = choice(epochUnits).optional();
const absent = choice(absences).optional();

const errorParts = z
  .strictObject({ type: expression.optional(), message: expression.optional(), stack: expression.optional() })
  .describe("an error with type, message and stack");

const lettersShape = z
  .strictObject({
    ...expressions("dead_letters"),
    id: z
      .union([expression, z.array(expression).min(2).max(4)])
      .describe("a column, or a list of those that make the key")
      .optional(),
    error: z
      .union([expression, errorParts])
      .describe("an expression of the error's message, or a mapping with type, message and stack")
      .optional(),
    absent,
    epoch,
    retry: doing.optional(),
    discard: doing.optional(),
    outcome: z
      .union([
        statement("a select of one of the words over :id", /^\s*(select|with)\b/i),
        z.partialRecord(z.enum(outcomeWords), expression),
      ])
      .describe(`a select over :id that gives one of ${outcomeWords.join(", ")}, or a condition for each of them`)
      .optional(),
  })
  .describe("dead letters as a mapping with from, parked, id, consumer and type");

/** What a source may say of its tables, beside its address. */
export const mapShapes = {
  dead_letters: lettersShape.optional(),
  outbox: z
    .strictObject({ ...expressions("outbox"), absent, epoch })
    .describe("an outbox as a mapping with from, id and type")
    .optional(),
  inbox: z
    .strictObject({ ...expressions("inbox"), epoch })
    .describe("an inbox as a mapping with from, consumer and id")
    .optional(),
  held: z
    .strictObject({ ...expressions("held"), epoch })
    .describe("held messages as a mapping with from, consumer, id and type")
    .optional(),
  sagas: z
    .strictObject({ ...expressions("sagas"), absent, epoch })
    .describe("sagas as a mapping with from, id, type and state")
    .optional(),
  steps: z
    .strictObject({ ...expressions("steps"), epoch })
    .describe("steps of sagas as a mapping with from, saga, position, name and state")
    .optional(),
};
