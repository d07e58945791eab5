import type { Contract } from "../contracts/rules";
import { readContracts } from "../contracts/service";
import type { Db } from "../db/pool";
import { compareByKey } from "../reconciliation/by-key";
import type { Difference } from "../reconciliation/compare";
import type { RunnableRule } from "../reconciliation/run";
import { troubleWords } from "../reconciliation/trouble-words";
import type { Instant } from "../time";
import { type Found, lookAgainIn, proofOf } from "./rules";
import { type DueKey, type OpenFact, selectLooks, selectOpenFacts, storeProofs, takeDueKeys } from "./sql";

/** What a turn needs to know of the contracts: their rules, and in which zones a source's rows stand. */
export type Proving = {
  db: Db;
  rules: readonly RunnableRule[];
  zonesOfSource: (sourceId: string) => readonly string[];
};

type Look = Awaited<ReturnType<typeof selectLooks>>[number];

/**
 * Looks at the keys of delivered messages that are due: what of them is open in their zone, since when their services were looked at, and
 * what the zone's rules say of them, read on both sides now. Killed anywhere, another worker takes them again. Answers how many there were.
 */
export async function proveKeys(proving: Proving, signal?: AbortSignal): Promise<number> {
  const due = await takeDueKeys(proving.db);
  if (due.length === 0 || signal?.aborted) return 0;
  const [contracts, looks, facts] = await Promise.all([
    readContracts(proving.db),
    selectLooks(proving.db),
    selectOpenFacts(proving.db, due),
  ]);
  for (const zoneId of new Set(due.map((key) => key.zoneId))) {
    const keys = due.filter((key) => key.zoneId === zoneId);
    const contract = contracts.find((one) => one.zoneId === zoneId);
    const found = await lookAt(proving, contract, keys, { looks, facts });
    await storeProofs(
      proving.db,
      keys.map((key) => {
        const { state, why } = proofOf(found(key), key.why);
        return { ...key, state, next: why, lookAgainMs: lookAgainIn(state, key.now - key.deliveredAt) };
      }),
    );
  }
  return due.length;
}

/** What is found of the keys of one zone; asked of the sources once for all of them. */
async function lookAt(
  { rules, zonesOfSource }: Proving,
  contract: Contract | undefined,
  keys: readonly DueKey[],
  { looks, facts }: { looks: readonly Look[]; facts: readonly OpenFact[] },
): Promise<(key: DueKey) => Found> {
  if (!contract) return () => ({ fact: null, unread: [], compared: [], uncomparable: [] });
  const { zoneId, recovery } = contract;
  const asked = [...new Set(keys.map(({ businessKey }) => businessKey))];
  const compared: { rule: string; by: Map<string, Difference | null> }[] = [];
  const uncomparable: Found["uncomparable"] = [];
  for (const { rule } of recovery.reconciliation) {
    const runnable = rules.find((one) => one.zoneId === zoneId && one.rule === rule);
    const answer = runnable
      ? await compareByKey(runnable, asked).catch((error: unknown) => {
          const words = troubleWords(error);
          if (words === null) throw error;
          return words;
        })
      : "Its sources are not open in this worker.";
    if (typeof answer === "string") uncomparable.push({ rule, words: answer });
    else compared.push({ rule, by: answer });
  }
  const own = looks.filter(({ sourceId }) => zonesOfSource(sourceId).includes(zoneId));
  const serviceOf = (sourceId: string) => looks.find((look) => look.sourceId === sourceId)?.service ?? sourceId;
  const since = (at: Instant | null, deliveredAt: Instant) => at !== null && at > deliveredAt;
  return ({ businessKey, deliveredAt }) => {
    const fact = facts.find((one) => one.zoneId === zoneId && one.businessKey === businessKey);
    return {
      fact: fact ? { kind: "fact", ...toldOf(fact), service: serviceOf(fact.sourceId) } : null,
      unread: own.filter((look) => !since(look.begunAt, deliveredAt)).map(({ service }) => service),
      compared: compared.flatMap(({ rule, by }) =>
        by.has(businessKey) ? [{ rule, difference: by.get(businessKey) ?? null }] : [],
      ),
      uncomparable,
    };
  };
}

const toldOf = ({ reason, consumer, eventType, since, waitsFor }: OpenFact) => ({ reason, consumer, eventType, since, waitsFor });
