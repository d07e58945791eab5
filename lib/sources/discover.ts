import { counted } from "../words";
import {
  type Business,
  copyFirst,
  type FoundFramework,
  frameworksIn,
  isNative,
  maybeCopies,
  type Shaped,
  shapeOf,
} from "./discover.rules";
import { openingWords } from "./failure-words";
import { SourceProblem } from "./failures.rules";
import { type Look, openLook, SAMPLED_MAX, TABLES_MAX } from "./presets/discover/look";

/** A database that is to be looked at; `variable`: the environment variable that its address stands in, null where nobody has named one. */
export type Asked = { called: string; url: string; variable: string | null };

/** A rule that two tables suggest, with how many of the sampled keys both have. */
export type Copy = {
  authority: { at: string; table: Business };
  projection: { at: string; table: Business };
  shared: string[];
  both: number;
  of: number;
};
export type Discovered = {
  /** What it is called in the configuration, and the variable that its address stands in. */
  at: string;
  variable: string;
  look: Pick<Look, "database" | "version" | "standby" | "denied"> & { tablesN: number };
  native: string[];
  frameworks: FoundFramework[];
  shaped: Shaped[];
  business: Business[];
};
/** `left`: what was not looked at, in whole sentences. */
export type Discovery = { databases: Discovered[]; copies: Copy[]; left: string[] };

const PAIRS_MAX = 60;
// Enough of the sampled keys to be no accident.
const OVERLAP = 0.5;
const KEYS_MIN = 3;

// Whoever asked waits for it, and a database is not searched through.
const LOOK_MS_MAX = 10_000;
const LATE = `did not answer within ${LOOK_MS_MAX / 1_000} s, after which a look is given up. Ask again when less goes on there`;

/**
 * Looks at databases as a stranger: read-only, a few hundred rows at most of each of so many tables, and no longer than 10 s over all of
 * them. What cannot be opened is a SourceProblem, in a sentence that says which it was.
 */
export async function discover(
  asked: readonly Asked[],
  late: AbortSignal = AbortSignal.timeout(LOOK_MS_MAX),
): Promise<Discovery> {
  const opening = await Promise.allSettled(asked.map((one) => opened(one, late)));
  const looks = opening.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  try {
    for (const one of opening) if (one.status === "rejected") throw one.reason;
    const names = namesOf(looks);
    const databases = looks.map((look, i) => databaseOf(look, names[i]!, asked[i]!.variable));
    const left = databases.flatMap((one, i) => leftOut(one, looks[i]!));
    const copies = await copiesOf(databases, looks, left, late);
    return { databases, copies, left };
  } finally {
    const closed = Promise.allSettled(looks.map((look) => look.close()));
    // What hangs is ended by its own time limits, and nobody waits for that.
    if (!late.aborted) await closed;
  }
}

async function opened({ called, url }: Asked, late: AbortSignal): Promise<Look> {
  const opening = openLook(url);
  const look = await inTime(
    opening.catch((error: unknown) => {
      throw new SourceProblem(`${called}: ${openingWords(error)}`);
    }),
    late,
  );
  if (look !== null) return look;
  opening.then((one) => one.close()).catch(() => {});
  throw new SourceProblem(`${called} ${LATE}.`);
}

/** What is answered before it is late; null afterwards. */
async function inTime<T>(answer: Promise<T>, late: AbortSignal): Promise<T | null> {
  let end = () => {};
  const ended = new Promise<null>((resolve) => {
    end = () => resolve(null);
  });
  if (late.aborted) end();
  late.addEventListener("abort", end, { once: true });
  try {
    return await Promise.race([answer, ended]);
  } finally {
    late.removeEventListener("abort", end);
    answer.catch(() => {});
  }
}

/** Databases of one name on two servers get numbers. */
function namesOf(looks: readonly Look[]): string[] {
  const taken = new Set<string>();
  return looks.map(({ database }) => {
    const plain =
      database
        .toLowerCase()
        .replace(/[^a-z0-9_-]+/g, "-")
        .replace(/^[-_]+|[-_]+$/g, "")
        .slice(0, 40) || "source";
    let name = plain;
    for (let n = 2; taken.has(name); n++) name = `${plain}-${n}`;
    taken.add(name);
    return name;
  });
}

function databaseOf(look: Look, at: string, given: string | null): Discovered {
  const frameworks = frameworksIn(look.catalogue);
  const schemas = [...new Set(look.catalogue.map(({ schema }) => schema))];
  const native = schemas.filter((schema) => isNative(look.catalogue, schema));
  const claimed = new Set(frameworks.flatMap(({ schema, tables }) => tables.map((table) => `${schema}.${table}`)));
  const free = look.catalogue.filter(({ schema, name }) => !native.includes(schema) && !claimed.has(`${schema}.${name}`));
  const shaped = free.flatMap(
    (relation) => shapeOf(relation, look.statuses.get(`${relation.schema}.${relation.name}`) ?? []) ?? [],
  );
  const messages = new Set(shaped.map(({ relation }) => relation));
  const business = look.keyed.filter(({ relation }) => free.includes(relation) && !messages.has(relation));
  const { database, version, standby, denied } = look;
  return {
    ...{ at, native, frameworks, shaped, business },
    variable: given ?? `${at.toUpperCase().replaceAll("-", "_")}_DATABASE_URL`,
    look: { database, version, standby, denied, tablesN: look.catalogue.length },
  };
}

function leftOut({ at, business }: Discovered, look: Look): string[] {
  const denied = look.denied;
  return [
    ...(look.beyond
      ? [`${at} has more than ${TABLES_MAX.toLocaleString("en")} tables; those beyond, by name, were not looked at.`]
      : []),
    ...(denied.length > 0
      ? [
          `${at}: this login may not read ${denied.slice(0, 5).join(", ")}${denied.length > 5 ? ` and ${denied.length - 5} more` : ""}, so that only their columns are known: grant it usage on their schema and select on them, and look again.`,
        ]
      : []),
    ...(business.length > SAMPLED_MAX
      ? [`${at} has ${business.length} business tables; copies were looked for among the ${SAMPLED_MAX} largest.`]
      : []),
  ];
}

/** Tables of different databases, or of different schemas of one, that share sampled keys. */
async function copiesOf(
  databases: readonly Discovered[],
  looks: readonly Look[],
  left: string[],
  late: AbortSignal,
): Promise<Copy[]> {
  const tables = databases.flatMap(({ at, business }, i) =>
    [...business]
      .sort((a, b) => b.rows - a.rows)
      .slice(0, SAMPLED_MAX)
      .map((table) => ({ at, look: looks[i]!, table })),
  );
  const pairs = tables.flatMap((a, i) =>
    tables.slice(i + 1).flatMap((b) => {
      const apart = a.at !== b.at || a.table.relation.schema !== b.table.relation.schema;
      const alike = apart ? maybeCopies(a.table, b.table) : null;
      return alike ? [{ a, b, ...alike }] : [];
    }),
  );
  pairs.sort((one, other) => other.shared.length - one.shared.length);
  if (pairs.length > PAIRS_MAX)
    left.push(`${pairs.length} pairs of tables look alike by their columns; of the ${PAIRS_MAX} most alike keys were compared.`);
  const copies: Copy[] = [];
  const compared = pairs.slice(0, PAIRS_MAX);
  for (const [i, { a, b, shared }] of compared.entries()) {
    if (late.aborted) {
      left.push(
        `The ${LOOK_MS_MAX / 1_000} s of a look ended before ${counted(compared.length - i, "pair")} of ${compared.length} of tables that look alike were compared.`,
      );
      break;
    }
    const keys = await inTime(a.look.sample(a.table), late);
    if (!keys || keys.length < KEYS_MIN) continue;
    const both = await inTime(b.look.present(b.table, keys), late);
    if (both === null || both < keys.length * OVERLAP) continue;
    const [authority, projection] = copyFirst(a.table, b.table) ? [a, b] : [b, a];
    copies.push({
      authority: { at: authority.at, table: authority.table },
      projection: { at: projection.at, table: projection.table },
      shared,
      both,
      of: keys.length,
    });
  }
  return copies;
}
