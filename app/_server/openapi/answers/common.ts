import { z } from "zod";
import { roles } from "@/lib/context";
import { verdicts } from "@/lib/verdicts/rules";

/** A moment in epoch milliseconds. */
export const instant = z.number();
/** Null where there is none, or it is not known. */
export const instantOrNull = instant.nullable();
export const textOrNull = z.string().nullable();
export const count = z.int().min(0);
export const role = z.enum(roles);
/** Null means every zone, now and later. */
export const zones = z.array(z.string()).nullable();
export const zoneTag = z.strictObject({ zoneId: z.string(), title: z.string(), verdict: z.enum(verdicts) });
/** Where the next page begins; null at the end of the list. */
export const cursor = textOrNull;
/** A sentence in parts: what is said, and how it stands out. */
export const sentence = z.array(
  z.strictObject({
    text: z.string(),
    strong: z.boolean().optional(),
    tone: z.enum(["breach", "risk"]).optional(),
    code: z.boolean().optional(),
    href: z.string().optional(),
    at: instant.optional(),
  }),
);
