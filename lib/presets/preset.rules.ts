import type { Abilities } from "./abilities.rules";
import type { Needed } from "./catalogue.rules";
import type { SourceMap } from "./map.rules";

/** Where a framework's tables stand, quoted for SQL: `schema` with its dot, or nothing where it is found by itself. */
export type At = { schema: string; timeZone: string };

/** One shape of a framework's tables, as its versions and settings make it. */
export type Variant = {
  /** As people call it, such as "v2" or "with archive". */
  name: string;
  /** The tables that tell it from others, most specific variants first. */
  needs: readonly Needed[];
  map: (at: At) => SourceMap;
  /** The least rights, one statement each; `ROLE` stands for the login. */
  grants: (at: At) => { observer: readonly string[]; actor: readonly string[] };
};

/** What Accord knows of one framework. */
export type Preset = {
  /** As in `preset:`. */
  name: string;
  title: string;
  /** Where its tables stand unless somebody says otherwise. */
  schema: string;
  variants: readonly Variant[];
  /** What it does by itself that a person should know before a retry, in whole sentences. */
  hazards: readonly string[];
  /** What it does not record, in whole sentences that name it. */
  unseen: readonly string[];
  /** Where a team's own business key may stand, as an example for its page. */
  keyExample?: string;
  /** What its application calls to retry, where nobody else can. */
  application?: string;
  /** How it takes up what is retried, and within which time, in a sentence; null where only the application can retry. */
  beat: { words: string; withinMs: number } | null;
  /** For times that cannot be told from the map: derived ones. */
  derived?: Partial<Record<"dead_letters" | "outbox" | "inbox" | "sagas", readonly string[]>>;
  /** Told apart from the map only where no map says it: Accord's own tables. */
  abilities?: Abilities;
};

/** The usual grants: to read these tables, and to change only these columns of them. */
export function grantsOn(
  { schema }: At,
  { read, write = {} }: { read: readonly string[]; write?: Record<string, readonly string[]> },
): ReturnType<Variant["grants"]> {
  const usage = `grant usage on schema ${schema.slice(0, -1)} to ROLE`;
  return {
    observer: [usage, ...read.map((table) => `grant select on ${schema}${table} to ROLE`)],
    actor:
      Object.keys(write).length === 0
        ? []
        : [
            usage,
            ...read.map((table) => `grant select on ${schema}${table} to ROLE`),
            ...Object.entries(write).map(
              ([table, columns]) => `grant update (${columns.join(", ")}) on ${schema}${table} to ROLE`,
            ),
          ],
  };
}
