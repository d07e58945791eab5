import type { SourceConfig } from "../contracts/rules";
import type { Instant } from "../time";

export const lookStates = ["waiting", "running", "done", "failed", "lost"] as const;
export type LookState = (typeof lookStates)[number];

/** Tables that Accord can read, as a look at a database recognised them. */
export type Recognised = {
  /** What it is called in the suggested configuration. */
  sourceId: string;
  preset: string;
  /** A framework, or a table. */
  title: string;
  variant: string | null;
  /** certain: by the shape of its tables; likely: by names and columns; perhaps: by columns alone. */
  confidence: "certain" | "likely" | "perhaps";
  reason: string;
  /** What it would show, and what it cannot. */
  seen: string[];
  unseen: string[];
};

/** What a look at databases found, and the texts that it suggests. */
export type Found = {
  databases: { at: string; variable: string; version: string; tablesN: number; recognised: Recognised[] }[];
  /** Tables that are copies of each other as far as their keys tell, a sentence each. */
  copies: string[];
  undecided: string[];
  grants: string[];
  accord: string;
  contracts: { file: string; text: string }[];
};

/** A look that somebody asked for. `lost`: no worker took it, or none came back from it; `problem` is why it failed. */
export type DiscoveryLook = {
  lookId: string;
  askedBy: string;
  askedAt: Instant;
  variables: string[];
  sources: string[];
  state: LookState;
  endedAt: Instant | null;
  problem: string | null;
  found: Found | null;
};

/** Whether a look has still to end: nobody can ask for another, and the screen asks after it. */
export const isUnderWay = ({ state }: { state: LookState }): boolean => state === "waiting" || state === "running";

/** Variables of Accord's own, which lead to its store. */
const OWN = new Set(["DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_DIRECT_URL"]);
export const isOwnVariable = (variable: string): boolean => OWN.has(variable);

/** As many databases as one look takes in. */
export const DATABASES_MAX = 8;

/** A database by its address, or why there is none behind a name. */
export type Address =
  | { called: string; url: string; variable: string | null }
  | { called: string; problem: "own" | "notSet" | "notPostgres" | "noSource" };
/** What a worker knows of addresses: its environment, its sources, and its store. */
export type Known = { env: Record<string, string | undefined>; sources: readonly Pick<SourceConfig, "sourceId" | "url">[] };

/** Where names lead that somebody may give: to what stands in the worker's environment or in accord.yaml, and nowhere else. */
export function addressesOf(
  { variables, sources }: { variables: readonly string[]; sources: readonly string[] },
  known: Known,
): Address[] {
  return [
    ...variables.map((variable) => checked(variable, ofVariable(variable, known), known)),
    ...sources.map((sourceId) => checked(sourceId, ofSource(sourceId, known), known)),
  ];
}

function ofVariable(variable: string, { env }: Known): Address {
  // process.env also has what every object has.
  const url = Object.hasOwn(env, variable) ? env[variable] : undefined;
  if (!url) return { called: variable, problem: "notSet" };
  return isPostgres(url) ? { called: variable, url, variable } : { called: variable, problem: "notPostgres" };
}

function ofSource(sourceId: string, { sources }: Known): Address {
  const source = sources.find((one) => one.sourceId === sourceId);
  return source ? { called: sourceId, url: source.url, variable: null } : { called: sourceId, problem: "noSource" };
}

function checked(called: string, address: Address, { env }: Known): Address {
  const isOwn =
    isOwnVariable(called) ||
    ("url" in address && [...OWN].some((name) => placeOf(env[name]) !== null && placeOf(env[name]) === placeOf(address.url)));
  return isOwn ? { called, problem: "own" } : address;
}

const isPostgres = (url: string): boolean => /^postgres(ql)?:\/\//.test(url) && URL.canParse(url);

/** Server and database of an address, whoever signs in there. */
function placeOf(url: string | undefined): string | null {
  if (!url || !URL.canParse(url)) return null;
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}:${port || 5432}${pathname}`;
}
