import type pg from "pg";
import { type Redelivery, type RedeliveryState, UNFIT } from "../../redeliverable";
import type { Source } from "../../source";
import { comparedRelations } from "../postgres/compared";
import { inTransaction, poolOf } from "../postgres/connection";
import {
  type Carried,
  insertRedeliveries,
  lockOriginals,
  markClosed,
  markTakenBack,
  selectRedeliveries,
  withdrawRedeliveries,
} from "./act.sql";
import { type Cursor, pollPage } from "./poll";
import { selectBody, selectRechecked } from "./recheck.sql";
import { selectHoldStates, selectSteps, setHolds } from "./saga.sql";
import { selectStandings } from "./standing.sql";
import { isUnreadable, readingAround } from "./unreadable";

export type NativeOptions = {
  url: string;
  actUrl: string;
  schema: string;
  act: boolean;
  /** Of times without a zone in the service's own relations; UTC by default. */
  timeZone?: string;
  applicationName?: string;
};

/** A source that writes Accord's native tables: one connection to observe, one to compare, one to act, each opened when first needed. */
export function nativeSource(options: NativeOptions): Source {
  const observer = poolOf(options.url, `${options.applicationName ?? "accord"} observe`);
  const actor = options.act ? poolOf(options.actUrl, `${options.applicationName ?? "accord"} act`) : null;
  // Of its own: a long comparison never delays a poll.
  const comparing = poolOf(options.url, `${options.applicationName ?? "accord"} reconcile`);
  const { schema } = options;
  const reading = <T>(work: (client: pg.ClientBase) => Promise<T>) =>
    inTransaction(observer, "begin isolation level repeatable read read only", work);
  return {
    poll: async (cursor, pageSize) => {
      const from = cursor as Cursor | null;
      try {
        return await reading((client) => pollPage(client, schema, from, pageSize));
      } catch (error) {
        if (!isUnreadable(error)) throw error;
        return reading(async (client) => {
          const around = readingAround(client);
          const poll = await pollPage(around.client, schema, from, pageSize);
          return { ...poll, unreadableN: around.unreadableN() };
        });
      }
    },
    recheck: (refs) => reading((client) => selectRechecked(client, schema, refs)),
    body: (letter, bytesMax) => reading((client) => selectBody(client, schema, letter, bytesMax)),
    steps: (sagaIds) => reading((client) => selectSteps(client, schema, sagaIds)),
    redeliveries: (requests) =>
      reading(async (client) => ({
        sourceNow: await selectClock(client),
        states: await selectRedeliveries(client, schema, requests),
      })),
    ...{ callable: null, takesWithinMs: null },
    remembering: { standings: (messages) => reading((client) => selectStandings(client, schema, messages)) },
    ...(actor ? actsOf(actor, schema, reading) : { redeliverable: null, discardable: null, settleable: null, holdable: null }),
    comparable: comparedRelations(comparing, options.timeZone ?? "UTC"),
    close: async () => {
      await Promise.all([observer.end(), comparing.end(), actor?.end()]);
    },
  };
}

type Reading = <T>(work: (client: pg.ClientBase) => Promise<T>) => Promise<T>;

/** What is written, by the actor; what became of it is read as the observer sees it. */
type Acts = Pick<Source, "redeliverable" | "discardable" | "settleable" | "holdable">;
function actsOf(actor: pg.Pool, schema: string, reading: Reading): Acts {
  const acting: Reading = (work) => inTransaction(actor, "begin", work);
  return {
    redeliverable: {
      edits: true,
      redeliver: async (requests) => {
        const { unfit, written } = await acting((client) => insertAll(client, schema, requests));
        // What was written just now waits; how the others stand is looked up.
        const others = requests.filter(({ redeliveryId }) => !written.has(redeliveryId));
        const states = others.length === 0 ? [] : await reading((client) => selectRedeliveries(client, schema, others));
        return [...[...written].map(asWritten), ...states.map((state) => asUnfit(state, unfit.get(state.redeliveryId)))];
      },
      withdraw: async (requests) => {
        await acting((client) => withdrawRedeliveries(client, schema, requests));
        return reading((client) => selectRedeliveries(client, schema, requests));
      },
    },
    discardable: { discard: (letters, reason) => acting((client) => markClosed(client, schema, letters, "discarded", reason)) },
    settleable: {
      resolve: (letters, reason) => acting((client) => markClosed(client, schema, letters, "resolved", reason)),
      takeBack: (letters, reason) => acting((client) => markTakenBack(client, schema, letters, reason)),
    },
    holdable: {
      hold: async (requests) => {
        await acting((client) => setHolds(client, schema, requests));
        return reading(async (client) => ({
          sourceNow: await selectClock(client),
          states: await selectHoldStates(client, schema, requests),
        }));
      },
    },
  };
}

/**
 * Writes the requests, those of edits with what the edit makes of the payload that stands in the row at that moment. Answers why the others do
 * not fit, by request, and which were written.
 */
async function insertAll(
  client: pg.ClientBase,
  schema: string,
  requests: readonly Redelivery[],
): Promise<{ unfit: Map<string, string>; written: Set<string> }> {
  const unfit = new Map<string, string>();
  const carried: Carried[] = requests.flatMap((request) => (request.edit === null ? [{ request, payload: null }] : []));
  const edits = requests.filter(({ edit }) => edit !== null);
  const originals = edits.length === 0 ? [] : await lockOriginals(client, schema, edits);
  const byId = new Map(originals.map(({ redeliveryId, payload }) => [redeliveryId, payload]));
  for (const request of edits) {
    const original = byId.get(request.redeliveryId);
    // Sent before, or settled since: nothing is written, and its state tells.
    if (original === undefined) continue;
    const edited = request.edit!.apply(original);
    if (edited.ok) carried.push({ request, payload: edited.payload });
    else unfit.set(request.redeliveryId, edited.why);
  }
  const written = carried.length === 0 ? [] : await insertRedeliveries(client, schema, carried);
  return { unfit, written: new Set(written) };
}

const asWritten = (redeliveryId: string): RedeliveryState => ({
  ...{ redeliveryId, state: "waiting", deadLetterState: "redelivering" },
  ...{ takenAt: null, finishedAt: null, errorType: null, errorMessage: null, errorStack: null },
});

const asUnfit = (state: RedeliveryState, why: string | undefined): RedeliveryState =>
  why === undefined || state.state !== null ? state : { ...state, state: "stale", errorType: UNFIT, errorMessage: why };

async function selectClock(client: pg.ClientBase): Promise<number> {
  const result = await client.query<{ now: number }>("select (extract(epoch from clock_timestamp()) * 1000)::float8 as now");
  return result.rows[0]!.now;
}
