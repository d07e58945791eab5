import type pg from "pg";
import type { Poll } from "../../observable";
import { type Source, Standby } from "../../source";
import { comparedRelations } from "../postgres/compared";
import { inTransaction, poolOf } from "../postgres/connection";
import { selectNow } from "../postgres/now.sql";

/** A source that has a service's own tables and no messages: a poll only finds out that the database answers, and which one; rules compare the rest. */
export function tablesSource({ url, timeZone }: { url: string; timeZone: string }): Source {
  const observer = poolOf(url, "accord observe");
  const comparing = poolOf(url, "accord reconcile");
  return {
    poll: (cursor) =>
      inTransaction(observer, "begin read only", async (client) => {
        const now = await selectNow(client);
        if (now.standby) throw new Standby("This database is a standby.");
        return emptyPoll(now, cursor as { identity: string } | null);
      }),
    recheck: () =>
      Promise.resolve({ published: [], markedPublished: [], unpublishedGone: [], processed: [], deadLetters: [], sagas: [] }),
    body: () => Promise.resolve(null),
    steps: () => Promise.resolve([]),
    redeliveries: async () => ({ sourceNow: await inTransaction(observer, "begin read only", clockOf), states: [] }),
    ...{ redeliverable: null, callable: null, takesWithinMs: null },
    discardable: null,
    ...{ remembering: null, settleable: null, holdable: null },
    comparable: comparedRelations(comparing, timeZone),
    close: async () => {
      await Promise.all([observer.end(), comparing.end()]);
    },
  };
}

function emptyPoll(
  { identity, sourceNow }: { identity: string; sourceNow: number },
  previous: { identity: string } | null,
): Poll {
  const other = previous !== null && previous.identity !== identity;
  return {
    ...{ identity, sourceNow, cursor: { identity }, more: false, openN: null, unreadableN: 0, readAnew: false },
    reread: other ? "another database answers under this address: restored, cloned or failed over" : null,
    ...{ longTransactionMs: null, outbox: [], inbox: [], duplicates: [], deadLetters: [], sagas: [], compensations: [] },
    ...{ held: [], heldAll: true },
  };
}

const clockOf = async (client: pg.ClientBase): Promise<number> => (await selectNow(client)).sourceNow;
