import type pg from "pg";
import { type OutcomeWord, outcomeWords } from "../../../presets/map.rules";
import type { Redelivery, RedeliveryState } from "../../redeliverable";
import { conditionOf, idArrays, idText, isOneOf, rowsOf, statementOf } from "./columns";
import type { selectStanding } from "./read.sql";
import type { Shape } from "./shape";

type Standing = Awaited<ReturnType<typeof selectStanding>>[number];

/** What became of a request: total, since a row that is gone and a row of which nothing holds mean something too. `word`: what the map's own outcome says; null without one. */
export function outcomeOf(shape: Shape, request: Redelivery, row: Standing | null, word: OutcomeWord | null): RedeliveryState {
  const none = {
    redeliveryId: request.redeliveryId,
    takenAt: null,
    finishedAt: null,
    errorType: null,
    errorMessage: null,
    errorStack: null,
  };
  // The letter's row is gone, and the map knows where it went.
  if (row === null && word !== null) return { ...none, state: word, deadLetterState: null };
  if (row === null)
    return shape.letters!.absent === "done"
      ? { ...none, state: "applied", deadLetterState: "resolved" }
      : { ...none, state: null, deadLetterState: null };
  const deadLetterState = stateOf(row);
  if (row.isParked && row.mark === request.mark) return { ...none, state: null, deadLetterState };
  const state = word ?? (row.isParked ? "failed" : row.isDone ? "applied" : "waiting");
  const words = (value: string | number | null | undefined) => (value === null || value === undefined ? null : String(value));
  const failure =
    state === "failed" ? { errorType: words(row.error_type), errorMessage: words(row.error), errorStack: words(row.stack) } : {};
  return { ...none, ...failure, state, deadLetterState };
}

/** The state of a letter by its conditions: what is neither parked nor done is with its framework. */
export const stateOf = ({ isParked, isDone }: Pick<Standing, "isParked" | "isDone">): "parked" | "redelivering" | "resolved" =>
  isParked ? "parked" : isDone ? "resolved" : "redelivering";

/** What the map's own outcome says of each request, by the row's id; empty where it has none. The caller holds the transaction. */
export async function selectWords(
  client: pg.ClientBase,
  { letters, kinds }: Shape,
  requests: readonly Redelivery[],
): Promise<Map<string, OutcomeWord>> {
  const { outcome } = letters!;
  const at = kinds.dead_letters!;
  const words = new Map<string, OutcomeWord>();
  const put = (id: string, word: unknown) => {
    const known = outcomeWords.find((one) => one === word);
    if (known) words.set(id, known);
  };
  if (outcome === undefined) return words;
  if (typeof outcome !== "string") {
    const cases = outcomeWords.flatMap((one) => (outcome[one] ? [`when ${conditionOf(outcome[one])} then '${one}'`] : []));
    const ids = requests.map(({ sourceDeadLetterId }) => sourceDeadLetterId);
    const { rows } = await client.query<{ id: string; word: string | null }>({
      text: `select ${idText(at)} as id, case ${cases.join(" ")} end as word ${rowsOf(at, isOneOf(at))}`,
      values: idArrays(ids, at),
    });
    for (const { id, word } of rows) put(id, word);
    return words;
  }
  for (const { consumer, sourceDeadLetterId: id } of requests) {
    const { rows } = await client.query<unknown[]>({ ...statementOf(outcome, at, { id, consumer }), rowMode: "array" });
    if (rows.length > 0) put(id, rows[0]![0]);
  }
  return words;
}
