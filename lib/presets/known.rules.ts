import { type Abilities, abilitiesOf } from "./abilities.rules";
import { mapped } from "./all.rules";
import { merged, type PartialMap, type SourceMap } from "./map.rules";
import { nativeAbilities, tablesAbilities } from "./own.rules";
import type { Preset } from "./preset.rules";

/** Tables that nobody's framework made, mapped whole by the configuration. */
export const GENERIC = "generic";

/** Everything that `preset:` may say, in the order in which it is told. */
export const presetNames: readonly [string, ...string[]] = ["native", "tables", GENERIC, ...mapped.map(({ name }) => name)];

/** A framework's preset; null for those that need none: native, tables, generic, and what nobody knows. */
export const frameworkOf = (name: string): Preset | null => mapped.find((preset) => preset.name === name) ?? null;

/** Whether a source of this preset is read by a map. */
export const takesMap = (name: string): boolean => name === GENERIC || frameworkOf(name) !== null;

/** The schema where the tables stand unless the configuration says otherwise. */
export const schemaOf = (name: string): string => (name === "native" ? "messaging" : (frameworkOf(name)?.schema ?? "public"));

const schemaDot = (schema: string): string => `"${schema.replaceAll('"', '""')}".`;
/** Where a framework's tables stand, as its maps take it. */
export const placeOf = (schema: string, timeZone: string) => ({ schema: schemaDot(schema), timeZone });

/** What a source can tell and do, by its preset and what its configuration maps; of a framework with variants the first, until its tables were seen. */
export function abilitiesIn({
  preset,
  schema,
  timeZone,
  map,
}: {
  preset: string;
  schema: string;
  timeZone: string;
  map: PartialMap;
}): Abilities {
  if (preset === "native") return nativeAbilities;
  if (preset === "tables") return tablesAbilities;
  const framework = frameworkOf(preset);
  const base: SourceMap = framework?.variants[0]?.map(placeOf(schema, timeZone)) ?? {};
  return abilitiesOf(merged(base, map) as SourceMap, framework?.derived);
}
