import { z } from "zod";
import { isStorable, NOT_STORABLE, type Parser, parserOf } from "../parsing";

/** A source by its name in accord.yaml. */
export const parseSourceId: Parser<{ sourceId: string }> = parserOf(
  z.object({ sourceId: z.string().min(1).max(200).refine(isStorable, NOT_STORABLE) }),
);
