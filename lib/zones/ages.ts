import type { Db } from "../db/pool";
import type { Instant } from "../time";
import { keysByAge } from "./ages.rules";
import { selectYoung } from "./ages.sql";

/** Since when each young key of a zone is open, in µs and in order, as read at these counts; of no use for what opened before `from`. */
export type KeptAges = Map<string, { from: Instant; keysN: number; changesN: number; sinceUs: Float64Array }>;

// Eight megabytes of a zone; of more keys the bars are counted anew in each round.
const KEPT_MAX = 1_000_000;

/** How many keys of each zone are in each bar of age. Ages grow without being read: the keys of a zone are read again where one opened, closed or moved. */
export async function keyAges(
  db: Db,
  zones: readonly { zoneId: string; windowMs: number }[],
  now: Instant,
  kept: KeptAges,
  most = KEPT_MAX,
): Promise<Map<string, number[]>> {
  const asked = new Map(
    zones.map(({ zoneId, windowMs }) => {
      const shape = keysByAge.shape(windowMs);
      const from = keysByAge.oldFrom(shape, now);
      const known = kept.get(zoneId);
      // A wider window, or a clock that was put back, asks for older ones than were read.
      const stands = known && known.from <= from;
      return [zoneId, { ...shape, zoneId, from, keysN: stands ? known.keysN : null, changesN: stands ? known.changesN : null }];
    }),
  );
  const read = await selectYoung(db, [...asked.values()], now, keysByAge.bars, most);
  return new Map(
    read.map(({ zoneId, keysN, changesN, young, counted }) => {
      const zone = asked.get(zoneId)!;
      if (counted !== null) {
        kept.delete(zoneId);
        return [zoneId, [...counted, keysN - counted.reduce((a, b) => a + b, 0)]];
      }
      if (young !== null) kept.set(zoneId, { from: zone.from, keysN, changesN, sinceUs: microsecondsOf(young) });
      return [zoneId, keysByAge.count(zone, kept.get(zoneId)!, now)];
    }),
  );
}

// PostgreSQL counts microseconds since 2000, in eight bytes with the greatest first.
const BEGINS_US = Date.UTC(2000) * 1_000;

function microsecondsOf(hex: string): Float64Array {
  const bytes = Buffer.from(hex, "hex");
  const of = new Float64Array(bytes.length / 8);
  for (let i = 0; i < of.length; i++) of[i] = bytes.readInt32BE(i * 8) * 2 ** 32 + bytes.readUInt32BE(i * 8 + 4) + BEGINS_US;
  return of;
}
