import type { Db } from "../db/pool";
import { parseJson } from "../json";
import { isReached } from "../masking";
import { selectPayloads } from "./masking-seen.sql";
import type { MaskingSeen } from "./views";

const LOOKED_AT = 100;

/** Of a zone's newest messages, how many each path of its masking leads to something in: one that leads nowhere masks nothing, and is mostly a slip. */
export async function maskingSeen(db: Db, zoneId: string, paths: readonly string[]): Promise<MaskingSeen> {
  if (paths.length === 0) return { lookedAtN: 0, paths: [] };
  const payloads = (await selectPayloads(db, zoneId, LOOKED_AT)).map(readable);
  return {
    lookedAtN: payloads.length,
    paths: paths.map((path) => ({ path, matchedN: payloads.filter((payload) => isReached(payload, path)).length })),
  };
}

function readable(payload: string): unknown {
  try {
    return parseJson(payload);
  } catch {
    return null;
  }
}
