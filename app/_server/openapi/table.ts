import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const root = path.join(import.meta.dirname, "../../..");
const api = "app/api/v1";
/** The table of all routes, as a file of this folder. */
export const tableFile = path.join(import.meta.dirname, "routes.ts");

type Found = { path: string; method: string; name: string; purpose: string };

// The document does not list the address where it is read itself.
const HIDDEN = new Set(["openapi.json"]);

function routesIn(folder: string): string[] {
  return readdirSync(path.join(root, api, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return routesIn(name);
      return entry.name === "route.ts" && !HIDDEN.has(folder) ? [folder] : [];
    })
    .sort();
}

/** What a route file exports as methods: each with its verb's name, and the sentence above the verb as its purpose. */
export function methodsOf(route: string, text: string, read: (file: string) => string): Found[] {
  const from = new Map(
    [...text.matchAll(/(?:import|export) \{([^}]*)\} from "@\/([^"]+)"/g)].flatMap((match) =>
      match[1]!.split(",").map((name) => [name.trim().split(" as ")[0]!, match[2]!] as const),
    ),
  );
  const doors = [
    ...text.matchAll(/^export const (GET|POST|PUT|PATCH|DELETE) = (?:\w+\([^)]*?)?(\w+),?\s*\)*;/gm),
    ...[...text.matchAll(/export \{[^}]*?\b(\w+) as (GET|POST|PUT|PATCH|DELETE)\b[^}]*\} from/g)].map(([all, verb, method]) => [
      all,
      method,
      verb,
    ]),
  ];
  if (!doors.length)
    throw new Error(
      `${api}/${route}/route.ts: no method is recognised. Export each as \`export const GET = read(parse, verb);\`.`,
    );
  return doors.map(([, method, verb]) => {
    const file = `${from.get(verb!)}.ts`;
    const purpose = sentenceAbove(verb!, from.has(verb!) ? read(file) : "");
    if (purpose === null)
      throw new Error(
        `${api}/${route}/route.ts: ${method} is the verb ${verb} of ${file}, which has no /** sentence */ above it. Write what it does for whoever calls it; the API's document says the same.`,
      );
    return { path: route, method: method!, name: verb!, purpose };
  });
}

function sentenceAbove(verb: string, text: string): string | null {
  const match = new RegExp(`/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\s*export (?:async )?(?:function|const) ${verb}\\b`).exec(text);
  return (
    match &&
    match[1]!
      .replace(/^\s*\*/gm, "")
      .replace(/\s+/g, " ")
      .trim()
  );
}

const called = (route: string) => route.replace(/[^a-z0-9]+(\w)?/gi, (_, letter = "") => letter.toUpperCase());

/** The table's text: every route on disk, what it takes, and what it is for. */
export function tableText(): string {
  const read = (file: string) => readFileSync(path.join(root, file), "utf8");
  const routes = routesIn("");
  const found = routes.flatMap((route) => methodsOf(route, read(`${api}/${route}/route.ts`), read));
  return [
    "// Written by `npm run api:table` from the folder of routes and the sentences above their verbs.",
    ...routes.map((route) => `import * as ${called(route)} from "@/${api}/${route}/route";`),
    'import type { ApiRoute } from "./document";',
    "",
    "/** Every route of the API, in the order of their addresses. */",
    "export const apiRoutes: readonly ApiRoute[] = [",
    ...found.map(
      ({ path, method, name, purpose }) =>
        `  { path: "${path}", method: "${method}", door: ${called(path)}.${method}, name: "${name}", purpose: ${JSON.stringify(purpose)} },`,
    ),
    "];",
    "",
  ].join("\n");
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) writeFileSync(tableFile, tableText());
