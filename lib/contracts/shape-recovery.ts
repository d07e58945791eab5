import { z } from "zod";
import * as field from "./fields";
import { backoffs } from "./rules";

const sideShape = z
  .strictObject({
    source: field.slug("a source's name"),
    relation: field.relation,
    key: field.column,
    columns: z.array(field.column).min(1).max(100).describe("a list of columns to compare"),
    changed_at: field.column.optional(),
    version: field.column.optional(),
  })
  .describe("a side with source, relation, key and columns");

const ruleShape = z
  .strictObject({
    rule: field.slug("the rule's name"),
    every: field.duration("a duration of 10s at least, such as 15m", 10_000).optional(),
    authority: sideShape,
    projection: sideShape,
    map: z.record(field.column, field.column).describe("authority's columns to the projection's").optional(),
    tolerance: z.record(field.column, field.tolerance).describe("columns with the difference that is allowed").optional(),
    repair: field.choice(["auto", "case"]).optional(),
  })
  .describe("a rule with rule, authority and projection");

const sagaShape = z
  .strictObject({
    deadline: field.duration(),
    steps: z
      .array(
        z
          .strictObject({
            step: field.label("the step's name"),
            compensation: field.label("the compensation's name").optional(),
            within: field.duration().optional(),
          })
          .describe("a step with step, compensation and within"),
      )
      .min(1)
      .max(100)
      .describe("a list of steps, one at least"),
  })
  .describe("a saga with deadline and steps");

/** A contract's fourth part as it is written. */
export const recoveryShape = z
  .strictObject({
    retry: z
      .strictObject({
        attempts: field.atLeastOne(),
        backoff: field.choice(backoffs).optional(),
        first: field.duration().optional(),
        max: field.duration().optional(),
        take_within: field.duration().optional(),
      })
      .describe("a retry with attempts, backoff, first, max and take_within")
      .optional(),
    sagas: z.record(field.label("a saga type"), sagaShape).describe("sagas by type").optional(),
    reconciliation: z.array(ruleShape).max(100).describe("a list of rules").optional(),
    cases: z.strictObject({ due: field.duration() }).describe("cases with due").optional(),
    approvals: z
      .strictObject({
        discard: field.count().optional(),
        edit_and_retry: field.count().optional(),
        retry_above: field.count().optional(),
      })
      .describe("approvals with discard, edit_and_retry and retry_above")
      .optional(),
  })
  .describe("a mapping with retry, sagas, reconciliation, cases and approvals");
