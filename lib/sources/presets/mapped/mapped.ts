import type pg from "pg";
import type { ServiceCall } from "../../../presets/call.rules";
import { frameworkOf } from "../../../presets/known.rules";
import type { Callable } from "../../callable";
import type { LetterBody, Poll, ReadStep } from "../../observable";
import type { Source } from "../../source";
import { comparedRelations } from "../postgres/compared";
import { inTransaction, poolOf } from "../postgres/connection";
import { selectNow } from "../postgres/now.sql";
import { discardMapped, redeliverMapped, statesOfMapped } from "./act";
import { callService } from "./call";
import { idArrays } from "./columns";
import type { Cursor } from "./cursor";
import type { Memory } from "./memory";
import { pollMapped, type Reading } from "./poll";
import { inWords, isOtherShape } from "./problems";
import { selectBody, selectRows } from "./read.sql";
import { recheckMapped } from "./recheck";
import { bodyOf, stepOf } from "./rows";
import { type MappedOptions, type Shape, shapeOf } from "./shape";

const STEPS_MAX = 50;
const SHAPE_MS = 60_000;

/** A source whose tables are read by a map, a framework's or one's own: one connection to observe, one to compare, one to act. */
export function mappedSource(options: MappedOptions): Source {
  const observer = poolOf(options.url, "accord observe");
  const actor = options.act ? poolOf(options.actUrl, "accord act") : null;
  const comparing = poolOf(options.url, "accord reconcile");
  const read: Reading = (work) => inTransaction(observer, "begin read only", work);
  let shape: Shape | null = null;
  let memory: Memory | null = null;
  let shapedAt = 0;
  const known = async (): Promise<Shape> => {
    // What no row needs just now may have been changed all the same.
    if (shape === null || performance.now() - shapedAt > SHAPE_MS) {
      shape = await read((client) => shapeOf(client, options));
      shapedAt = performance.now();
    }
    return shape;
  };
  /** Works with the shape as it is known; after a change of the tables it is found out anew. */
  const shaped = async <T>(work: (shape: Shape) => Promise<T>): Promise<T> => {
    try {
      return await work(await known());
    } catch (error) {
      if (isOtherShape(error)) shape = null;
      throw inWords(error, options);
    }
  };
  const poll = (cursor: unknown, pageSize: number): Promise<Poll> =>
    shaped(async (at) => {
      const before = memory;
      // Whatever fails on the way has told nothing: the next poll begins with a memory of its own.
      memory = null;
      const found = await pollMapped(read, at, cursor as Cursor | null, before, pageSize);
      memory = found.memory;
      return found.poll;
    });
  return {
    poll,
    recheck: (refs) => shaped((at) => recheckMapped(read, at, refs)),
    body: (letter, bytesMax) => shaped((at) => bodyMapped(read, at, letter, bytesMax)),
    steps: (sagaIds) => shaped((at) => stepsOf(read, at, sagaIds)),
    redeliveries: async (requests) => ({
      sourceNow: (await read(selectNow)).sourceNow,
      states: await shaped((at) => (at.letters ? statesOfMapped(read, at, requests) : Promise.resolve([]))),
    }),
    ...(actor ? actsOf(actor, read, shaped, options) : { redeliverable: null, discardable: null, callable: null }),
    takesWithinMs: frameworkOf(options.preset)?.beat?.withinMs ?? "as agreed",
    ...{ remembering: null, settleable: null, holdable: null },
    comparable: comparedRelations(comparing, options.timeZone),
    close: async () => {
      await Promise.all([observer.end(), comparing.end(), actor?.end()]);
    },
  };
}

type Shaped = <T>(work: (shape: Shape) => Promise<T>) => Promise<T>;

function actsOf(
  actor: pg.Pool,
  read: Reading,
  shaped: Shaped,
  { abilities, call }: MappedOptions,
): Pick<Source, "redeliverable" | "discardable" | "callable"> {
  const acting: Reading = (work) => inTransaction(actor, "begin", work);
  return {
    callable: call ? callableOf(call, shaped) : null,
    redeliverable:
      abilities.deadLetters?.retry && !call
        ? {
            edits: false,
            redeliver: (requests, repeated) => shaped((at) => redeliverMapped(acting, read, at, requests, repeated)),
            // What was handed to a framework is its own: nothing of it can be taken back.
            withdraw: (requests) => shaped((at) => statesOfMapped(read, at, requests)),
          }
        : null,
    discardable: abilities.deadLetters?.discard
      ? { discard: (letters) => shaped((at) => discardMapped(acting, read, at, letters)) }
      : null,
  };
}

/** The parts of a message's id by name, as a call's parameters take them. */
const callableOf = (call: ServiceCall, shaped: Shaped): Callable => ({
  timeoutMs: call.timeoutMs,
  call: ({ redeliveryId, sourceDeadLetterId, messageId, consumer }, stop) =>
    shaped(({ kinds }) => {
      const parts = idArrays([sourceDeadLetterId], kinds.dead_letters!).map(([part]) => part!);
      const ids = parts.length === 1 ? { id: parts[0]! } : Object.fromEntries(parts.map((part, i) => [`id${i + 1}`, part]));
      return callService(call, { ...ids, message: messageId, consumer }, redeliveryId, stop);
    }),
});

async function bodyMapped(
  read: Reading,
  { kinds }: Shape,
  { sourceDeadLetterId, messageId }: { sourceDeadLetterId: string; messageId: string },
  bytesMax: number,
): Promise<LetterBody | null> {
  const at = kinds.dead_letters;
  const row = at ? await read((client) => selectBody(client, at, sourceDeadLetterId, bytesMax)) : null;
  return row && bodyOf(row, messageId);
}

async function stepsOf(read: Reading, shape: Shape, sagaIds: readonly string[]): Promise<ReadStep[]> {
  const { steps, sagas } = shape.kinds;
  if (!steps || !sagas || sagaIds.length === 0) return [];
  const types = new Map(
    (await read((client) => selectRows(client, sagas, sagaIds, sagaIds.length))).map((row) => [row.id, String(row.type)]),
  );
  const rows = await read((client) => selectRows(client, steps, sagaIds, STEPS_MAX * sagaIds.length));
  const of = rows.map((row) => stepOf(row, types.get(row.id) ?? "")).sort((a, b) => a.position - b.position);
  return sagaIds.flatMap((id) => of.filter(({ sagaId }) => sagaId === id).slice(0, STEPS_MAX));
}
