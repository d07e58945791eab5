import { createHash } from "node:crypto";
import { selectLastDetail } from "../audit/last.sql";
import { appendAudit } from "../audit/service";
import type { Ctx } from "../context";
import type { Db } from "../db/pool";
import { type Configuration, publicSource } from "./rules";

type Parts = Record<string, string>;

/**
 * Writes down that other files are in force: a hash of each part, and which parts are new, other or gone. Neither text nor addresses stand
 * there, so that an entry holds no secret; a hash tells whether a file that somebody shows is the one that was in force. It stands in no
 * zone, since it names them all.
 */
export async function writeApplied(tx: Db, ctx: Ctx, configuration: Configuration): Promise<void> {
  const parts = partsOf(configuration);
  const before = ((await selectLastDetail(tx, "configuration.apply"))?.parts ?? {}) as Parts;
  const changed = Object.keys({ ...before, ...parts }).filter((part) => before[part] !== parts[part]);
  const words = changed.map(
    (part) => `${part} ${!(part in before) ? "is new" : !(part in parts) ? "is gone" : "is another one"}`,
  );
  await appendAudit(tx, {
    at: ctx.now,
    actor: ctx.actor,
    action: "configuration.apply",
    target: { kind: "configuration", id: configuration.contentHash, zones: [] },
    result: "done",
    detail: { environment: configuration.environment, changed: words.sort(), parts },
  });
}

/** A hash per contract, per masking, of the links, per channel, of routes and digests, and per source's settings. */
function partsOf({ contracts, sources, links, telling }: Configuration): Parts {
  return Object.fromEntries([
    ...contracts.flatMap(({ contract, contentHash }) => [
      [`contract ${contract.zoneId}`, contentHash.slice(0, 16)],
      [`masking of ${contract.zoneId}`, hashOf(contract.masking)],
    ]),
    ...sources.map((source) => [`source ${source.sourceId}`, hashOf(publicSource(source))]),
    ...(Object.keys(links).length > 0 ? [["links", hashOf(links)]] : []),
    ...telling.channels.map((channel) => [`channel ${channel.name}`, hashOf(channel)]),
    ...(telling.routes.length > 0 ? [["routes", hashOf(telling.routes)]] : []),
    ...(telling.digests.length > 0 ? [["digests", hashOf(telling.digests)]] : []),
  ]);
}

const hashOf = (value: unknown): string => createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);
