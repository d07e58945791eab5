import { dirname, join } from "node:path";
import { schemaProblems } from "./payload-schema";
import type { Contract, PayloadSchema, Problem } from "./rules";
import { readText } from "./text-file";
import { type Located, readYaml } from "./yaml";

export type WithSchemas = { contract: Contract; problems: Problem[]; schemas: string[] };

/** A contract with what the files of its events' schemas say; they lie beside it. `schemas` are their texts, which count as the contract's own. */
export async function readSchemas(contract: Contract, located: Located, path: string, file: string): Promise<WithSchemas> {
  const problems: Problem[] = [];
  const schemas: string[] = [];
  const events: Contract["semantics"]["events"] = [];
  for (const event of contract.semantics.events) {
    if (event.schemaRef === undefined) {
      events.push(event);
      continue;
    }
    const named = join(dirname(file), event.schemaRef);
    const read = await readSchema(join(dirname(path), event.schemaRef), named);
    if (read.ok) {
      schemas.push(read.text);
      events.push({ ...event, payloadSchema: read.schema });
    } else {
      // What is wrong within the file is told there; that there is none, where it is named.
      const at = ["semantics", "events", event.eventType, "schema_ref"];
      problems.push(...(read.problems ?? [located.problem(at, `Expected a file with a JSON Schema, found none: ${named}.`)]));
    }
  }
  return { contract: { ...contract, semantics: { ...contract.semantics, events } }, problems, schemas };
}

type Read = { ok: true; schema: PayloadSchema; text: string } | { ok: false; problems: Problem[] | null };

/** JSON is YAML, and the reader of that knows where everything stands. */
async function readSchema(path: string, file: string): Promise<Read> {
  const text = await readText(path, file);
  if (!text.ok) return { ok: false, problems: null };
  const located = readYaml(text.value, file);
  if (located.problems.length > 0) return { ok: false, problems: located.problems.slice(0, 1) };
  const problems = schemaProblems(located.value).map(({ path: at, message }) => located.problem(at, message));
  return problems.length > 0 ? { ok: false, problems } : { ok: true, schema: located.value as PayloadSchema, text: text.value };
}
