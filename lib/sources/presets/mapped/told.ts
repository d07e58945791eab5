import type { OutboxRow, Poll } from "../../observable";
import type { Now } from "../postgres/now.sql";
import type { Memory, OpenKind } from "./memory";
import { stateOf } from "./outcome";
import type { MappedRow, selectStanding } from "./read.sql";
import { eventOf, letterOf, sagaOf } from "./rows";
import type { Shape } from "./shape";

/** What a page tells, by kind. */
export type Rows = Pick<
  Poll,
  "outbox" | "inbox" | "duplicates" | "deadLetters" | "sagas" | "compensations" | "held" | "heldAll" | "unreadableN"
> & { gone: NonNullable<Poll["gone"]> };

type Telling = { memory: Memory; rows: Rows; shape: Shape };
type Standing = Awaited<ReturnType<typeof selectStanding>>[number];

/** An event of a table that keeps them; none where its open set tells of it. */
export function keptEvent(row: MappedRow, { memory, shape }: Omit<Telling, "rows">, unknown: OutboxRow["seen"]): OutboxRow[] {
  const { published } = shape.outbox!;
  if (published !== undefined && (row.published ?? null) === null) return [];
  if (memory.published.has(row.id)) return [];
  const seen = memory.open.outbox.known.has(row.id) ? "old" : unknown;
  return [eventOf(row, seen, shape.kinds.outbox!.fields)];
}

/** Tells of a row as it stands: one that lies open, or one that has left its set. */
export function tell(kind: OpenKind, row: Standing, telling: Telling): void {
  if (kind === "dead_letters") tellLetter(row, telling);
  else if (kind === "outbox") tellEvent(row, telling);
  else tellSaga(row, telling);
}

function tellLetter(row: Standing, { memory, rows, shape }: Telling): void {
  const state = stateOf(row);
  if (state === "resolved") memory.open.dead_letters.following.delete(row.id);
  const letter = letterOf(row, state, shape.abilities.deadLetters!);
  if (state === "parked") memory.parked.now.add(letter.messageId);
  rows.deadLetters.push(letter);
}

function tellEvent(row: Standing, { memory, rows, shape }: Telling): void {
  const set = memory.open.outbox;
  const fields = shape.kinds.outbox!.fields;
  if (set.known.has(row.id)) {
    const event = eventOf(row, memory.fresh ? "again" : "new", fields);
    memory.types.set(row.id, event.eventType);
    rows.outbox.push({ ...event, publishedAt: null });
    return;
  }
  set.following.delete(row.id);
  memory.types.delete(row.id);
  const event = eventOf(row, "old", fields);
  // It waits no more and was not published: it was put aside, and its dead letter tells of it.
  if (event.publishedAt === null) rows.gone.events.push(row.id);
  else {
    memory.published.add(row.id);
    rows.outbox.push(event);
  }
}

function tellSaga(row: Standing, { memory, rows }: Telling): void {
  const saga = sagaOf(row);
  rows.sagas.push(saga);
  if (memory.open.sagas.known.has(row.id)) memory.sagaTypes.set(row.id, saga.sagaType);
  else {
    memory.open.sagas.following.delete(row.id);
    memory.sagaTypes.delete(row.id);
  }
}

/** Tells what it means that a row is no longer there. */
export function gone(kind: OpenKind, id: string, { memory, rows, shape }: Telling, now: Now): void {
  memory.open[kind].following.delete(id);
  if (kind === "dead_letters")
    rows.gone.deadLetters.push({ sourceDeadLetterId: id, state: shape.letters?.absent === "done" ? "resolved" : null });
  else if (kind === "sagas") {
    memory.sagaTypes.delete(id);
    rows.gone.sagas.push({ sagaId: id, state: shape.sagas?.absent === "done" ? "completed" : null });
  } else {
    // Where nothing but its absence tells that an event was published, when that was is not known.
    if (memory.parked.now.has(id) || memory.parked.before.has(id)) rows.gone.events.push(id);
    else if (shape.outbox?.absent === "done" || shape.outbox?.published === undefined) {
      const none = { businessKey: "", occurredAt: null, writtenAt: null, producerVersion: null, schemaVersion: null };
      const eventType = memory.types.get(id) ?? "unknown";
      rows.outbox.push({ messageId: id, eventType, ...none, publishedAt: now.sourceNow, seen: "old" });
    }
    memory.types.delete(id);
  }
}
