import type pg from "pg";
import { meanwhile, REFUSED, type Redelivery, type RedeliveryState } from "../../redeliverable";
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

type Letter = { sourceDeadLetterId: string; consumer: string; mark: string | null };
/** What an act did to one row: changed it · found it changed before · found it locked, so that it is asked again · was refused by the database. */
type Did = "changed" | "nothing" | "locked" | { refused: string };

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code ?? "");

/** Acts on a row in a transaction of its own: what the database has against that row keeps no other from its turn. */
async function did(acting: Reading, at: Described, text: string, parked: string, letter: Letter): Promise<Did> {
  try {
    const changed = await acting((client) => actOn(client, at, text, parked, { ...letter, id: letter.sourceDeadLetterId }));
    return changed ? "changed" : "nothing";
  } catch (error) {
    const code = codeOf(error);
    if (code === "55P03") return "locked";
    // A constraint, a value, or what a function raises. The words of a value or a function may hold anybody's data.
    if (code.startsWith("23")) return { refused: `The database refuses it: ${(error as Error).message}.` };
    if (/^(22|P0)/.test(code)) return { refused: `The database refuses it (${code}).` };
    throw error;
  }
}

/** Asks the framework for each request, in its own transaction. `repeated`: what is not as it was seen may have been asked for before. */
export async function redeliverMapped(
  acting: Reading,
  read: Reading,
  shape: Shape,
  requests: readonly Redelivery[],
  repeated: boolean,
): Promise<RedeliveryState[]> {
  const at = shape.kinds.dead_letters!;
  const { retry, parked } = shape.letters!;
  const done = new Map<string, Did>();
  for (const request of requests) done.set(request.redeliveryId, await did(acting, at, retry!, parked, request));
  const states = await statesOfMapped(read, shape, requests);
  return states.map((state) => told(state, done.get(state.redeliveryId)!, repeated));
}

/** What a request came to, by what was done for it and how its row stands since. */
function told(state: RedeliveryState, what: Did, repeated: boolean): RedeliveryState {
  const stale = (errorMessage: string): RedeliveryState => ({ ...state, state: "stale", errorType: REFUSED, errorMessage });
  if (what === "changed") return state.state === null ? { ...state, state: "waiting" } : state;
  if (what === "locked") return { ...state, state: null, deadLetterState: "parked" };
  if (typeof what === "object") return stale(what.refused);
  // It stands as it was seen, and its framework's own statement did not touch it: asking again would change nothing.
  if (state.state === null && state.deadLetterState === "parked")
    return stale("Its framework's statement changed nothing: this row cannot be retried that way.");
  // After a crash nobody can tell whose doing it was; before one, nothing was sent for it.
  return repeated ? state : meanwhile(state);
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

/** Puts letters aside for good, each in its own transaction; answers how each stands. */
export async function discardMapped(
  acting: Reading,
  read: Reading,
  shape: Shape,
  letters: readonly Letter[],
): Promise<{ sourceDeadLetterId: string; state: string | null }[]> {
  const at = shape.kinds.dead_letters!;
  const { discard, parked, done } = shape.letters!;
  const discarded = new Set<string>();
  for (const letter of letters)
    if ((await did(acting, at, discard!, parked, letter)) === "changed") discarded.add(letter.sourceDeadLetterId);
  const ids = letters.map(({ sourceDeadLetterId }) => sourceDeadLetterId);
  const rows = new Map((await read((client) => selectStanding(client, at, ids, { parked, done }))).map((row) => [row.id, row]));
  return ids.map((id) => {
    const row = rows.get(id);
    return { sourceDeadLetterId: id, state: discarded.has(id) ? "discarded" : row ? stateOf(row) : null };
  });
}
