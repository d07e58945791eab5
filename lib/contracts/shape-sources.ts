import { z } from "zod";
import { presetNames } from "../presets/known.rules";
import { minutes } from "../time";
import { choice, duration, label, prose, slug, timeZone } from "./fields";
import { tlsModes } from "./rules";
import { tellingShapes } from "./shape-channels";
import { mapShapes } from "./shape-map";
import { retryShape } from "./shape-retry";

// The pattern is for editors, which see the file before its variables are put in.
const databaseUrl = (words: string) =>
  z
    .string()
    .regex(/^(postgres(ql)?:\/\/|\$\{)\S+$/)
    .refine((url) => url.startsWith("postgres"))
    .describe(words);

export const sourceShape = z
  .strictObject({
    service: label("the service's name such as order-service"),
    preset: choice(presetNames).optional(),
    url: databaseUrl("the address of a PostgreSQL database, best as an environment variable"),
    act_url: databaseUrl("the address that operators' acts are written through, best as an environment variable").optional(),
    consumers: z
      .array(label("a consumer's name as in inbox.consumer"))
      .min(1)
      .max(200)
      .describe("a list of inbox.consumer values")
      .optional(),
    schema: z
      .string()
      .regex(/^[A-Za-z_][\w$]{0,62}$/)
      .describe("the schema of the framework's tables such as messaging")
      .optional(),
    // Above 10 s every look would be older than the 15 s that count as fresh.
    observe_every: duration("a duration from 100ms to 10s, such as 2s", 100, minutes(1) / 6).optional(),
    act: z.boolean().describe("true, or false to observe only").optional(),
    time_zone: timeZone.optional(),
    ...mapShapes,
    retry: retryShape.optional(),
    tls: choice(tlsModes).optional(),
    ca: prose("the file of the authority's certificate, in PEM, relative to accord.yaml").optional(),
  })
  .describe("a source with service and url");

const link = (words: string) => z.string().min(1).max(1_000).describe(words);
const linksShape = z
  .strictObject({
    ticket: link("the address of a ticket such as https://tickets.example/browse/{ticket}").optional(),
    trace: link("the address of a trace such as https://traces.example/trace/{trace_id}").optional(),
    logs: link("the address of logs such as https://logs.example/?query={correlation_id}").optional(),
    runbook: link("the address of a runbook such as https://wiki.example/search?text={error}").optional(),
    commit: link("the address of what a deploy brought such as https://git.example/{consumer}/compare/{from}...{to}").optional(),
  })
  .describe("addresses of other tools, by what they show");

/** accord.yaml as it is written. */
export const accordShape = z
  .strictObject({
    version: z.literal(1).describe("1, the version of this format"),
    environment: prose("the environment's name, shown on every screen"),
    sources: z
      .record(slug("a source's name of letters, digits, - and _"), sourceShape)
      .refine((sources) => Object.keys(sources).length > 0)
      .describe("one source at least, by name"),
    links: linksShape.optional(),
    ...tellingShapes,
    contracts: prose("the folder of the contracts such as ./contracts").optional(),
  })
  .describe("a mapping with version, environment and sources");

export type AccordInput = z.infer<typeof accordShape>;
