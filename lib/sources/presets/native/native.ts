import type pg from "pg";
import type { Capabilities, HoldWish, OpenRefs, Redelivery, Source } from "../../source";
import { comparedRelations } from "../postgres/compared";
import { inTransaction, poolOf } from "../postgres/connection";
import { insertRedeliveries, markDiscarded, selectRedeliveries } from "./act.sql";
import { type Cursor, lookPage } from "./look";
import { selectRechecked } from "./recheck.sql";
import { selectHoldStates, selectSteps, setHolds } from "./saga.sql";

export type NativeOptions = { url: string; actUrl: string; schema: string; act: boolean; applicationName?: string };

const capabilities: Capabilities = {
  outbox: true,
  inbox: true,
  held: true,
  deadLetters: true,
  sagas: true,
  redeliver: true,
  discard: true,
  hold: true,
};

/** A source that writes Accord's native tables: one connection to observe, one to compare, one to act, each opened when first needed. */
export function nativeSource(options: NativeOptions): Source {
  const observer = poolOf(options.url, `${options.applicationName ?? "accord"} observe`);
  const actor = options.act ? poolOf(options.actUrl, `${options.applicationName ?? "accord"} act`) : null;
  // Of its own: a long comparison never delays a look.
  const comparing = poolOf(options.url, `${options.applicationName ?? "accord"} reconcile`);
  const { schema } = options;
  const reading = <T>(work: (client: pg.ClientBase) => Promise<T>) =>
    inTransaction(observer, "begin isolation level repeatable read read only", work);
  const acting = <T>(work: (client: pg.ClientBase) => Promise<T>) => {
    if (!actor) throw new Error("This source is observed only: act is false in accord.yaml.");
    return inTransaction(actor, "begin", work);
  };
  return {
    capabilities: options.act ? capabilities : { ...capabilities, redeliver: false, discard: false, hold: false },
    look: (cursor, pageSize) => reading((client) => lookPage(client, schema, cursor as Cursor | null, pageSize)),
    recheck: (refs: OpenRefs) => reading((client) => selectRechecked(client, schema, refs)),
    steps: (sagaIds) => reading((client) => selectSteps(client, schema, sagaIds)),
    redeliver: async (wishes: readonly Redelivery[]) => {
      await acting((client) => insertRedeliveries(client, schema, wishes));
      return reading((client) => selectRedeliveries(client, schema, wishes));
    },
    discard: (letters, reason) => acting((client) => markDiscarded(client, schema, letters, reason)),
    hold: async (wishes: readonly HoldWish[]) => {
      await acting((client) => setHolds(client, schema, wishes));
      return reading(async (client) => ({
        sourceNow: await selectClock(client),
        states: await selectHoldStates(client, schema, wishes),
      }));
    },
    redeliveries: (wishes) =>
      reading(async (client) => ({
        sourceNow: await selectClock(client),
        states: await selectRedeliveries(client, schema, wishes),
      })),
    compared: comparedRelations(comparing),
    close: async () => {
      await Promise.all([observer.end(), comparing.end(), actor?.end()]);
    },
  };
}

async function selectClock(client: pg.ClientBase): Promise<number> {
  const result = await client.query<{ now: number }>("select (extract(epoch from clock_timestamp()) * 1000)::float8 as now");
  return result.rows[0]!.now;
}
