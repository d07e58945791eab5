import { z } from "zod";
import { INSTANT_MAX, isStorable, NOT_STORABLE, type Parser, parserOf } from "../parsing";
import { Refusal } from "../refusal";
import type { Instant } from "../time";

/** A deploy to mark: of a service with all its consumers, or of one consumer; now, unless it says when. */
export type DeployRequest = {
  of: { service: string } | { consumer: string };
  version: string;
  kind: "deploy" | "rollback";
  at: Instant | null;
  key: string;
};

const text = (most: number) => z.string().trim().min(1, "is empty").max(most).refine(isStorable, NOT_STORABLE);
const request = z
  .object({
    service: text(100).optional(),
    consumer: text(100).optional(),
    version: text(100),
    kind: z.enum(["deploy", "rollback"]).default("deploy"),
    at: z.int().positive().max(INSTANT_MAX).optional(),
    key: z.string(),
  })
  .strict();

/** A deploy to mark, from outside. */
export const parseDeploy: Parser<DeployRequest> = parserOf(request, ({ service, consumer, version, kind, at = null, key }) => {
  if (service !== undefined && consumer === undefined) return { of: { service }, version, kind, at, key };
  if (consumer !== undefined && service === undefined) return { of: { consumer }, version, kind, at, key };
  throw new Refusal("invalid", "Name either a service, which stands for all its consumers, or one consumer.", {
    field: "service",
  });
});
