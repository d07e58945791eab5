import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const native = new URL("../lib/sources/presets/native/schema.sql", import.meta.url);

/** Where a migration tool finds the tables. */
export const schemaFile = new URL("./schema.sql", import.meta.url);

// The roles of a server, and what they may do, are made by `source:install` when Accord comes to look.
const left = [
  /-- Apply with [^\n]*\n-- The schema's name [^\n]*\n/,
  /-- Roles belong to the cluster[\s\S]*?end \$\$;\n\n/,
  /-- The least rights:[\s\S]*?;\n\n(?=comment on schema)/,
];

/** The native tables without Accord's roles, for a migration of the service's own: the same text as what Accord installs. */
export function schemaWithoutRoles(): string {
  const whole = readFileSync(native, "utf8");
  const kept = left.reduce((text, part) => {
    if (!part.test(text)) throw new Error(`Nothing in ${native.pathname} looks like ${part}.`);
    return text.replace(part, "");
  }, whole);
  return kept.replace(
    /^(-- Native tables.*)\n/,
    "$1\n-- Applying it again changes nothing. It makes no roles; Accord's own are made when it is told to observe this database.\n",
  );
}

// `npx tsx client/schema.ts` writes the file anew.
if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) writeFileSync(schemaFile, schemaWithoutRoles());
