import { writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { contractShape } from "./shape";
import { accordShape } from "./shape-sources";

const published = {
  "accord.schema.json": { title: "Accord: sources", shape: accordShape },
  "contract.schema.json": { title: "Accord: a zone's contract", shape: contractShape },
} as const;

/** The files that editors complete and check with, by name, as text: what the shapes say, in JSON Schema 2020-12. */
export function schemaFiles(): Record<string, string> {
  const entries = Object.entries(published).map(([name, { title, shape }]) => {
    const schema = { $schema: "", title, ...z.toJSONSchema(shape, { io: "input" }) };
    return [name, `${JSON.stringify(schema, null, 2)}\n`];
  });
  return Object.fromEntries(entries);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  for (const [name, text] of Object.entries(schemaFiles()))
    await writeFile(new URL(`../../public/${name}`, import.meta.url), text);
