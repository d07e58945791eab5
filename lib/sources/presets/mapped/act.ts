import type pg from "pg";
import { REFUSED, type Redelivery, type RedeliveryState } from "../../redeliverable";
import { type Described, idArrays, isOneOf, markOf, rowsOf, statementOf } from "./columns";
import { outcomeOf, selectWords, stateOf } from "./outcome";
import type { Reading } from "./poll";
import { selectStanding } from "./read.sql";
import type { Shape } from "./shape";

/**
 * Runs the map's statement over one row, if it is still the one that the operator saw: the row is locked, compared, changed and looked at
 * again within one transaction. Answers whether it was changed; a repeat, and what another did meanwhile, changes nothing.
 */
async function actOn(
  client: pg.ClientBase,
  at: Described,
  text: string,
  parked: string,
  letter: { id: string; consumer: string; mark: string | null },
): Promise<boolean> {
  const condition = `${isOneOf(at)} and (${parked})${letter.mark === null ? "" : ` and ${markOf(at)} = $${at.id.length + 1}`}`;
  const values = [...idArrays([letter.id], at), ...(letter.mark === null ? [] : [letter.mark])];
  const stands = async (lock: string) =>
    (await client.query({ text: `select 1 ${rowsOf(at, condition)} ${lock}`, values })).rowCount! > 0;
  if (!(await stands(at.xmin === null ? "" : `for update of ${at.from.alias}`))) return false;
  await client.query(statementOf(text, at, letter));
  return !(await stands(""));
}

export async function redeliverMapped(
  acting: Reading,
  read: Reading,
  shape: Shape,
  requests: readonly Redelivery[],
  repeated: boolean,
): Promise<RedeliveryState[]> {
  const at = shape.kinds.dead_letters!;
  const { retry, parked } = shape.letters!;
  const changed = new Set<string>();
  const refused = new Set<string>();
  for (const request of requests) {
    const did = await acting((client) =>
      actOn(client, at, retry!, parked, { id: request.sourceDeadLetterId, consumer: request.consumer, mark: request.mark }),
    );
    if (did) changed.add(request.redeliveryId);
    else refused.add(request.redeliveryId);
  }
  const states = await statesOfMapped(read, shape, requests);
  return states.map((state): RedeliveryState => {
    if (changed.has(state.redeliveryId)) return state.state === null ? { ...state, state: "waiting" } : state;
    // It stands as it was seen, and its framework's own statement did not touch it: asking again would change nothing.
    if (state.state === null && state.deadLetterState === "parked")
      return {
        ...state,
        state: "stale",
        errorType: REFUSED,
        errorMessage: "Its framework's statement changed nothing: this row cannot be retried that way.",
      };
    // What was done before anybody asked is no effect of this request; after a crash nobody can tell, and it is done.
    if (state.state === "applied" && !repeated) return { ...state, state: null, deadLetterState: "resolved" };
    return state;
  });
}

/** How each request stands, as its row tells; `state` null: it is as the operator saw it, nobody has asked for it yet. */
export async function statesOfMapped(read: Reading, shape: Shape, requests: readonly Redelivery[]): Promise<RedeliveryState[]> {
  const at = shape.kinds.dead_letters!;
  const { parked, done } = shape.letters!;
  const ids = requests.map(({ sourceDeadLetterId }) => sourceDeadLetterId);
  const [rows, words] = await read(
    async (client) =>
      [await selectStanding(client, at, ids, { parked, done }), await selectWords(client, shape, requests)] as const,
  );
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  return requests.map((request) => {
    const id = request.sourceDeadLetterId;
    return outcomeOf(shape, request, rowOf.get(id) ?? null, words.get(id) ?? null);
  });
}

export async function discardMapped(
  acting: Reading,
  read: Reading,
  shape: Shape,
  letters: readonly { sourceDeadLetterId: string; consumer: string; mark: string | null }[],
): Promise<{ sourceDeadLetterId: string; state: string | null }[]> {
  const at = shape.kinds.dead_letters!;
  const { discard, parked, done } = shape.letters!;
  const discarded = new Set<string>();
  for (const letter of letters)
    if (
      await acting((client) =>
        actOn(client, at, discard!, parked, { id: letter.sourceDeadLetterId, consumer: letter.consumer, mark: letter.mark }),
      )
    )
      discarded.add(letter.sourceDeadLetterId);
  const ids = letters.map(({ sourceDeadLetterId }) => sourceDeadLetterId);
  const rows = new Map((await read((client) => selectStanding(client, at, ids, { parked, done }))).map((row) => [row.id, row]));
  return ids.map((id) => {
    const row = rows.get(id);
    const state = row ? stateOf(row) : null;
    return { sourceDeadLetterId: id, state: discarded.has(id) ? "discarded" : state };
  });
}
