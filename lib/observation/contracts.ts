import { publicSource, type SourceConfig } from "../contracts/rules";
import type { Db } from "../db/pool";
import { forgetCursors, replaceSources } from "../sources/sql";
import type { Instant } from "../time";
import { remapZones } from "./remap.sql";

/** Gives what was observed the meaning of the contracts that come into force: sources, zones of open facts, and a fresh look at what is open. In their transaction. */
export async function applyContracts(tx: Db, sources: readonly SourceConfig[], now: Instant): Promise<void> {
  await replaceSources(tx, sources.map(publicSource), now);
  await remapZones(tx);
  await forgetCursors(tx, "the contracts changed", now);
}
