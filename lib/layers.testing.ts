import path from "node:path";

/** A file as the grid sees it: in which part of the tree, of which noun, in which layer. */
type Place = { part: string; noun: string | null; layer: Layer };
type Layer = "rules" | "views" | "words" | "input" | "sql" | "service" | "preset" | "source" | "db" | "root" | "tool" | "other";

/** One import that leans the wrong way. */
export type Violation = { file: string; to: string; why: string };

// What every layer may know of lib/*.ts: types and pure functions. `audited` and the two file helpers are for services.
const PURE_ROOT = new Set([
  "time",
  "histogram",
  "range",
  "words",
  "refusal",
  "outcome",
  "permissions",
  "context",
  "masking",
  "masking-paths",
  "parsing",
  "texts",
  "json",
]);
// Folders of lib that are no nouns.
const TOOLS = new Set(["launch", "worker"]);
const CONTRACT_VERBS = new Set(["service", "applied", "files", "schema-files", "payload-schema", "text-file", "schema", "check"]);
/** Imports that lean the wrong way, `file import`, each with the reason why; one that is not needed any more fails the test. */
export const exceptions: Record<string, string> = {};
const SCREEN_LIBRARIES = /^(next|react|react-dom|recharts|nuqs|radix-ui|lucide-react|server-only)(\/|$)|^@tanstack\//;

const extension = /\.(tsx?|css|cjs|mjs|json)$/;

/** Which cell of the grid a file is; `lib/x/read.sql` and `lib/x/sql-read` are sql, what has no name of its own belongs to the verbs. */
export function placeOf(file: string): Place {
  const name = file.replace(extension, "");
  const [part = "", second = "", ...rest] = name.split("/");
  if (part !== "lib") return { part, noun: null, layer: "other" };
  if (rest.length === 0) return { part, noun: null, layer: "root" };
  if (second === "db") return { part, noun: null, layer: "db" };
  if (TOOLS.has(second)) return { part, noun: second, layer: "tool" };
  if (rest[0] === "presets") return { part, noun: second, layer: "preset" };
  return { part, noun: second, layer: layerOf(second, rest.at(-1)!) };
}

function layerOf(noun: string, name: string): Layer {
  // The port, by ability.
  if (
    noun === "sources" &&
    /^(source|observable|redeliverable|callable|remembering|discardable|settleable|holdable|comparable)$/.test(name)
  )
    return "source";
  if (/(^|\.)sql$|^sql-/.test(name)) return "sql";
  if (name.endsWith(".rules") || name.endsWith(".rules.ts")) return "rules";
  if (name === "rules" || name === "views" || name === "words" || name === "input") return name;
  // The text of a contract is read in many small steps: all of them turn outside text into a typed input.
  if (noun === "contracts") return CONTRACT_VERBS.has(name) ? "service" : "input";
  if (name.endsWith("-words")) return "words";
  return "service";
}

// What a layer of lib may know of other cells.
const MAY_KNOW: Partial<Record<Layer, readonly Layer[]>> = {
  rules: ["rules"],
  views: ["rules", "views"],
  words: ["rules", "views", "words"],
  input: ["rules", "input", "words"],
  sql: ["rules", "sql", "source", "db"],
  source: ["rules", "source"],
  preset: ["source", "preset"],
};

/** Why one file may not import another; null when it may. A type that erases counts like a value: next week it is one. */
export function whyNot(file: string, to: string): string | null {
  if (isTest(file)) return null;
  const from = placeOf(file);
  if (from.part === "client") return whyNotInClient(to);
  return /^[.@/]|^(lib|app|components|client|demo|e2e|bench|drizzle)\//.test(to) && !to.startsWith("@tanstack/")
    ? whyNotOurs(file, from, to)
    : whyNotLibrary(file, from, to);
}

// Published by itself: what it imports must come with it, or with Node.
function whyNotInClient(to: string): string | null {
  return /^(client\/|node:)/.test(to) ? null : "the client knows nothing but itself: neither the product nor a package";
}

function whyNotOurs(file: string, from: Place, to: string): string | null {
  const target = placeOf(to);
  // Stories and their helpers are tests, whatever their names.
  if (isTest(to) && !isTest(file) && from.part !== "e2e") return "only tests use what is for tests";
  if (from.part === "lib" && (target.part === "app" || target.part === "components"))
    return "lib is the product without route handlers and screens";
  if (target.part === "client" && ["lib", "components", "app"].includes(from.part))
    return "the product reads what services write, and does not know with what they wrote it";
  if (from.part === "components") return whyNotForScreens(to, target);
  if (from.part === "app" || from.part === "proxy" || from.part.startsWith("instrumentation"))
    return target.layer === "sql" || target.layer === "preset" || target.part === "drizzle"
      ? "route handlers see services and inputs, never queries"
      : null;
  // The benchmarks fill a store with millions of rows; verbs would take a day.
  if (from.part === "demo" || from.part === "e2e")
    return target.layer === "sql" ? "the estate knows services, never queries" : null;
  if (from.part === "lib") return whyNotInLib(from, to, target);
  return null;
}

function whyNotForScreens(to: string, target: Place): string | null {
  if (target.part === "app") return "a screen takes data and gives back requests; route handlers are handed to it";
  if (target.part !== "lib") return null;
  if (target.layer === "root" && PURE_ROOT.has(path.basename(to))) return null;
  if (["rules", "input", "views", "words"].includes(target.layer)) return null;
  return "screens know rules, input, views and words, so that no query is shipped to a browser";
}

function whyNotInLib(from: Place, to: string, target: Place): string | null {
  // What is told to somebody is what zones say.
  if (target.noun === "zones" && from.noun !== "zones" && from.noun !== "alerting" && from.layer !== "tool")
    return "zones may read every noun, and no noun but alerting reads zones";
  if (from.layer === "tool" && from.noun === "worker" && target.layer === "sql") return "the worker is a clock: it calls verbs";
  if (from.layer === "root" && target.layer === "sql" && !to.startsWith("lib/audit/"))
    return "only the one way for writes stands on a query, the audit's";
  if (target.layer === "preset" && from.noun !== "sources") return "presets are behind the interface of sources";
  // What a framework's tables are is plain data, and a preset reads by it.
  if (from.layer === "preset" && target.noun === "presets" && target.layer === "rules") return null;
  // How a machine is reached is the same for every database.
  if (from.layer === "preset" && target.noun === "platform") return null;
  const known = MAY_KNOW[from.layer];
  if (!known) return null;
  if (target.layer === "root")
    return from.layer !== "preset" && PURE_ROOT.has(path.basename(to)) ? null : `${from.layer} stands on rules, and pure types`;
  return known.includes(target.layer) ? null : `${from.layer} knows ${known.join(", ")} only`;
}

function whyNotLibrary(file: string, from: Place, to: string): string | null {
  if (from.part === "lib" && SCREEN_LIBRARIES.test(to)) return "lib is used by the worker, outside of Next and React";
  if (/^recharts(\/|$)/.test(to) && !file.startsWith("components/charts/")) return "only components/charts draws";
  if (to === "next/link" && file !== "components/ui/link.tsx")
    return "only components/ui/link.tsx decides what is fetched before it is followed";
  if (/^next-auth(\/|$)/.test(to) && file !== "app/_server/session.ts")
    return "only app/_server/session.ts knows how people sign in";
  if (/^(drizzle-orm|pg)(\/|$)/.test(to)) return whyNotDatabase(from);
  if (["rules", "views", "words"].includes(from.layer) && to !== "node:crypto") return `${from.layer} is pure`;
  if (from.layer === "input" && !/^(zod|yaml|node:(crypto|util|buffer))$/.test(to)) return "input reads text, and nothing else";
  return null;
}

function whyNotDatabase(from: Place): string | null {
  if (["demo", "bench", "e2e", "drizzle", "docs"].includes(from.part)) return null;
  if (from.layer === "sql" || from.layer === "db" || from.layer === "preset") return null;
  return "only sql.ts speaks to the database";
}

/** Whether a file is a test, or only for tests. */
export const isTest = (file: string): boolean => /(^vitest\.config|\.test|\.soak|(^|\/|\.)testing|\.setup)(\.tsx?)?$/.test(file);

/** Files of lib that know no more than rules may, and do not say so in their names: nothing would keep them pure. */
export function rulesWithoutName(texts: ReadonlyMap<string, string>): string[] {
  const found = new Set([...texts.keys()].filter((file) => !isTest(file) && placeOf(file).layer === "service"));
  const isRule = (file: string) =>
    importsOf(file, texts.get(file)!).every(
      (to) => found.has(`${to}.ts`) || whyNot(file.replace(extension, ".rules.ts"), to) === null,
    );
  // What one of them imports may turn out to be none.
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const file of found) if (!isRule(file)) found.delete(file);
  }
  return [...found].sort();
}

/** The imports of a file's text: addresses from the root of the repository for our own files, names for libraries. */
export function importsOf(file: string, text: string): string[] {
  const found = [
    ...text.matchAll(
      /^\s*(?:import|export)\b[^;"']*?\bfrom\s*["']([^"']+)["']|^\s*import\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/gm,
    ),
  ];
  return found.map((match) => resolved(file, (match[1] ?? match[2] ?? match[3])!));
}

function resolved(file: string, to: string): string {
  if (to.startsWith("@/")) return to.slice(2);
  // A package names its files as they are called when it is built.
  const name = to.replace(/\.js$/, "");
  return to.startsWith(".") ? path.posix.normalize(path.posix.join(path.posix.dirname(file), name)) : to;
}

/** Everything in one file that leans the wrong way. */
export function violationsOf(file: string, text: string): Violation[] {
  return importsOf(file, text).flatMap((to) => {
    const why = whyNot(file, to);
    return why === null ? [] : [{ file, to, why }];
  });
}
