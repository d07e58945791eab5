import { readContracts } from "../contracts/service";
import type { Db } from "../db/pool";
import { maskerOf, nameOrShape } from "../masking";
import { selectCorrelated, selectCorrelatedMasked } from "./correlated.sql";
import type { Scope } from "./scope.sql";

export type Correlated = { businessKey: string; lettersN: number; sagasN: number };
const KEYS_MAX = 8;

/** Keys that a correlation id ties together, those with most first. What may not be shown at a message is not found by it either: a hit would say that it is there. */
export async function correlatedBy(db: Db, text: string, scope: Scope): Promise<Correlated[]> {
  const contracts = await readContracts(db);
  const masking = contracts.filter((contract) => contract.masking.length > 0);
  const zones = masking.map(({ zoneId }) => zoneId);
  const named = nameOrShape(text) === text;
  const [open, masked] = await Promise.all([
    selectCorrelated(db, text, scope, { zones, named }),
    zones.length === 0 ? [] : selectCorrelatedMasked(db, text, scope, zones),
  ]);
  const shown = masked.filter((letter) => {
    const paths = masking.filter(({ zoneId }) => letter.zones.includes(zoneId)).flatMap((contract) => contract.masking);
    return letter.payload === null ? named : maskerOf(letter.payload, paths).text(text) === text;
  });
  const byKey = new Map<string, Correlated>();
  for (const { businessKey, letters, sagas } of [...open, ...shown.map((one) => ({ ...one, letters: 1, sagas: 0 }))]) {
    const one = byKey.get(businessKey) ?? { businessKey, lettersN: 0, sagasN: 0 };
    byKey.set(businessKey, { ...one, lettersN: one.lettersN + letters, sagasN: one.sagasN + sagas });
  }
  return [...byKey.values()]
    .sort((a, b) => b.lettersN - a.lettersN || (a.businessKey < b.businessKey ? -1 : 1))
    .slice(0, KEYS_MAX);
}
