import type { SourceFacts } from "../../source";
import { inTransaction, poolOf } from "../postgres/connection";
import { type Asked, captureFacts, comparedFacts, orError } from "../postgres/facts";
import { selectConnectionFacts } from "../postgres/facts.sql";
import { selectNow } from "../postgres/now.sql";

/** What a source with business tables only tells of itself. */
export async function tablesFacts({ url }: { url: string }, { relations, isCaptured }: Asked): Promise<SourceFacts> {
  const observer = poolOf(url, "accord check");
  try {
    return {
      observer: await orError(selectConnectionFacts(observer)),
      ...{ actor: null, observerTables: null, actorTables: null },
      compared: await orError(comparedFacts(observer, relations)),
      capture: await orError(captureFacts(observer, isCaptured)),
      poll: await orError(
        inTransaction(observer, "begin read only", async (client) => {
          const startedAt = performance.now();
          await selectNow(client);
          return { ms: performance.now() - startedAt };
        }),
      ),
    };
  } finally {
    await observer.end();
  }
}
