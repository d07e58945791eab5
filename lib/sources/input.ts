import { z } from "zod";
import { isStorable, NOT_STORABLE, type Parser, parserOf, requestKey } from "../parsing";
import { DATABASES_MAX } from "./discovery.rules";
import { variableProblem } from "./discovery-words";

const sourceName = z.string().min(1).max(200).refine(isStorable, NOT_STORABLE);
// What is wrong with a name never says it again: it may be an address that was pasted.
const variable = z
  .string()
  .max(2_000)
  .refine(
    (typed) => variableProblem(typed) === null,
    "must be the name of an environment variable; an address is not taken here",
  );
const once = <T>(values: readonly T[]): T[] => [...new Set(values)];

/** Databases to look at: by the variables that hold their addresses in the worker's environment, and by the names of sources. */
export const parseDiscovery = parserOf(
  z
    .object({
      variables: z.array(variable).max(DATABASES_MAX).default([]).transform(once),
      sources: z.array(sourceName).max(DATABASES_MAX).default([]).transform(once),
      key: requestKey,
    })
    .refine(({ variables, sources }) => variables.length + sources.length > 0, "names no database")
    .refine(
      ({ variables, sources }) => variables.length + sources.length <= DATABASES_MAX,
      `has more than ${DATABASES_MAX} databases`,
    ),
);

/** A source by its name in accord.yaml. */
export const parseSourceId: Parser<{ sourceId: string }> = parserOf(z.object({ sourceId: sourceName }));
