import { pgBoss } from "./pg-boss.rules";
import type { Preset } from "./preset.rules";

/** Every framework whose tables Accord reads by a map, in the order in which they are looked for. */
export const mapped: readonly Preset[] = [pgBoss];
