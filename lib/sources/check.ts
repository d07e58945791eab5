import type { Contract, SourceConfig } from "../contracts/rules";
import type { Db } from "../db/pool";
import { mapped } from "../presets/all.rules";
import { GENERIC } from "../presets/known.rules";
import { type Instant, minutes } from "../time";
import type { SourceCheck, SourceFacts } from "./check.rules";
import { recordCheck, selectCheckedSince } from "./check.sql";
import { sourceCheckRows } from "./check-words";
import { mappedFacts } from "./presets/mapped/facts";
import { nativeFacts } from "./presets/native/facts";
import type { Asked } from "./presets/postgres/facts";
import { tablesFacts } from "./presets/tables/facts";

const facts: Record<string, (config: SourceConfig, asked: Asked) => Promise<SourceFacts>> = {
  native: nativeFacts,
  tables: tablesFacts,
  ...Object.fromEntries([GENERIC, ...mapped.map(({ name }) => name)].map((name) => [name, mappedFacts])),
};

/** Connects to a source as observer and as actor, and answers what it tells of itself; never throws for what is wrong there. `contracts` say what rules compare there, and whether its events are captured. */
export async function factsOf(config: SourceConfig, contracts: readonly Contract[] = []): Promise<SourceFacts> {
  const relations = contracts
    .flatMap(({ recovery }) => recovery.reconciliation)
    .flatMap(({ authority, projection }) => [authority, projection])
    .filter(({ sourceId }) => sourceId === config.sourceId);
  // Debezium's outbox is read by nothing else, whatever contracts say.
  const isCaptured =
    config.preset === "debezium" ||
    contracts.some(({ semantics }) =>
      semantics.events.some(({ from, propagation }) => from === config.sourceId && propagation === "cdc"),
    );
  const none = new Error(`There is no preset ${config.preset}.`);
  return (
    (await facts[config.preset]?.(config, { relations, isCaptured })) ?? {
      ...{ observer: none, actor: none, observerTables: none, actorTables: none, compared: none, capture: none, poll: none },
    }
  );
}

/** How each check of a source stands, in sentences. */
export const checkSource = async (config: SourceConfig, contracts: readonly Contract[] = []): Promise<SourceCheck[]> =>
  sourceCheckRows(await factsOf(config, contracts));

// What is set up changes rarely, and each check opens two connections.
const CHECK_EVERY_MS = minutes(5);

/** Checks the sources that were not checked lately, one after another, and keeps what was found for the screens. */
export async function checkDueSources(
  db: Db,
  configs: readonly SourceConfig[],
  contracts: readonly Contract[],
  now: Instant,
): Promise<void> {
  const fresh = await selectCheckedSince(db, now - CHECK_EVERY_MS);
  for (const config of configs)
    if (!fresh.has(config.sourceId)) await recordCheck(db, config.sourceId, await checkSource(config, contracts));
}
