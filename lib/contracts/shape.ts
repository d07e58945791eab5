import { z } from "zod";
import { days, hours } from "../time";
import * as field from "./fields";
import { consistencyClasses, migrationStages, orderings, propagations } from "./rules";
import { recoveryShape } from "./shape-recovery";

const names = (words: string) => z.array(field.label("a name without white space")).max(200).describe(words);

const eventShape = z
  .strictObject({
    from: field.slug("the source that the event leaves; nobody owns it otherwise"),
    to: names("a list of the consumers that it obliges").optional(),
    means: field.prose("what the event means, in a sentence").optional(),
    schema: field.atLeastOne("a schema version such as 2").optional(),
    schema_ref: field
      .jsonFile("a file with the payload's JSON Schema beside the contract, such as order-submitted.json")
      .optional(),
    propagation: field.choice(propagations).optional(),
    derived_from: names("a list of event types").optional(),
  })
  .describe("an event with from and to");

const migrationShape = z
  .strictObject({
    fact: field.prose("a fact's name").optional(),
    from: field.label("the authority that was").optional(),
    to: field.label("the authority that will be").optional(),
    stage: field.choice(migrationStages).optional(),
    compare: field.slug("a rule's name").optional(),
    cut_over_by: field.day.optional(),
    coupling: field.prose("what is coupled, in a sentence").optional(),
    owner: field.label("a team's name").optional(),
    remove_by: field.day.optional(),
  })
  .refine((entry) =>
    entry.coupling === undefined
      ? entry.fact && entry.from && entry.to && entry.stage && !entry.remove_by
      : entry.remove_by && !entry.fact,
  )
  .describe("a fact with from, to and stage, or a coupling with remove_by");

const accountabilityShape = z
  .strictObject({
    owner: field.label("the team that owns the zone; nobody is asked otherwise"),
    on_call: z
      .strictObject({ team: field.label("a team's name"), escalation: field.duration().optional() })
      .describe("on_call with team and escalation")
      .optional(),
    alerts: z
      .array(
        z
          .strictObject({
            when: field.alertWhen,
            notify: names("a list of channels").min(1).describe("a list of channels, one at least"),
          })
          .describe("an alert with when and notify"),
      )
      .max(100)
      .describe("a list of alerts")
      .optional(),
    runbooks: z
      .array(
        z
          .strictObject({
            when: field.runbookWhen,
            title: field.prose("the runbook's title"),
            steps: z.array(field.prose("a step in a sentence")).max(100).describe("a list of steps").optional(),
          })
          .describe("a runbook with when, title and steps"),
      )
      .max(100)
      .describe("a list of runbooks")
      .optional(),
  })
  .describe("a mapping with owner");

/** A contract as it is written. */
export const contractShape = z
  .strictObject({
    version: z.literal(1).describe("1, the version of this format"),
    zone: field.slug("the zone's name such as order-commitment"),
    title: field.prose("the zone's title"),
    promise: field.prose("what the zone promises, in a sentence"),
    business_key: z
      .strictObject({ name: field.prose("what a person calls the key, such as order"), pattern: field.pattern.optional() })
      .describe("a key with name and pattern")
      .optional(),
    facts: z
      .array(
        z
          .strictObject({ fact: field.prose("the fact's name"), authority: field.slug("the source that owns the fact") })
          .describe("a fact with authority"),
      )
      .max(100)
      .describe("a list of facts, each with its authority")
      .optional(),
    expectation: z
      .strictObject({
        class: field.choice(consistencyClasses),
        window: field.duration("the time within which the zone converges, such as 5m; eventual without it is a wish"),
        at_risk: field.percent().optional(),
        slo: z
          .strictObject({ target: field.percent("a percentage such as 99.9%"), over: field.duration() })
          .describe("a service level with target and over")
          .optional(),
      })
      .describe("a mapping with class and window"),
    semantics: z
      .strictObject({
        propagation: field.choice(propagations).optional(),
        ordering: field.choice(orderings).optional(),
        events: z.record(field.label("an event type"), eventShape).describe("events by type").optional(),
        states: z
          .record(
            field.label("a thing's name"),
            z
              .record(field.label("a state"), names("a list of the states that may follow"))
              .describe("states, each with those that may follow"),
          )
          .describe("things with their states")
          .optional(),
      })
      .describe("a mapping with propagation, ordering, events and states")
      .optional(),
    recovery: recoveryShape.optional(),
    accountability: accountabilityShape,
    masking: z.array(field.maskingPath).max(200).describe("a list of paths").optional(),
    payloads: z
      .strictObject({ keep: field.duration("a duration from 1h to 400d, such as 30d", hours(1), days(400)) })
      .describe("a mapping with keep: how long Accord keeps payloads")
      .optional(),
    migration: z.array(migrationShape).max(100).describe("a list of shifts and couplings").optional(),
  })
  .describe("a mapping with version, zone, title, promise, expectation and accountability");

export type ContractInput = z.infer<typeof contractShape>;
