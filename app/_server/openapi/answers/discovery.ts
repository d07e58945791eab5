import { z } from "zod";
import { lookStates } from "@/lib/sources/discovery.rules";
import { count, instant, instantOrNull, textOrNull } from "./common";

const recognised = z.strictObject({
  sourceId: z.string(),
  preset: z.string(),
  title: z.string(),
  variant: textOrNull,
  confidence: z.enum(["certain", "likely", "perhaps"]),
  reason: z.string(),
  seen: z.array(z.string()),
  unseen: z.array(z.string()),
});

const found = z.strictObject({
  databases: z.array(
    z.strictObject({
      at: z.string(),
      variable: z.string(),
      version: z.string(),
      tablesN: count,
      recognised: z.array(recognised),
    }),
  ),
  copies: z.array(z.string()),
  undecided: z.array(z.string()),
  grants: z.array(z.string()),
  accord: z.string(),
  contracts: z.array(z.strictObject({ file: z.string(), text: z.string() })),
});

export const last = z.strictObject({
  now: instant,
  sources: z.array(z.strictObject({ sourceId: z.string(), service: z.string() })),
  look: z
    .strictObject({
      lookId: z.string(),
      askedBy: z.string(),
      askedAt: instant,
      variables: z.array(z.string()),
      sources: z.array(z.string()),
      state: z.enum(lookStates),
      endedAt: instantOrNull,
      problem: textOrNull,
      found: found.nullable(),
    })
    .nullable(),
});

export const asked = z.strictObject({ lookId: z.string(), repeated: z.boolean() });
