import type { SourceMap } from "./map.rules";

/** How well a time is known: as recorded · worked out of something else · from when Accord saw it · not at all. */
export type TimeQuality = "exact" | "derived" | "first seen";

/** What a source can tell and do. Null is a kind of table that it does not have; false is what it does not record, which is never zero. */
export type Abilities = {
  outbox: {
    published: boolean;
    /** Whether everything that was published is seen: where only what waits is, much of it is done between two looks. */
    counted: boolean;
    created: TimeQuality;
    attempts: boolean;
    key: boolean;
  } | null;
  inbox: { processed: TimeQuality; type: boolean } | null;
  held: boolean;
  deadLetters: {
    errorType: boolean;
    error: boolean;
    stack: boolean;
    attempts: boolean;
    key: boolean;
    payload: boolean;
    correlation: boolean;
    occurred: TimeQuality;
    parked: TimeQuality;
    expires: boolean;
    retry: boolean;
    discard: boolean;
    /** How its application is asked to retry, as it is told: the method and the host. Left out where nobody asks it. */
    call?: string;
  } | null;
  sagas: { started: TimeQuality; updated: TimeQuality; deadline: boolean; steps: boolean; hold: boolean } | null;
};

/** What a framework records of a dead letter; `by` is what it is called. Null stands for a source that records everything. */
export type LetterRecords = Omit<NonNullable<Abilities["deadLetters"]>, "call"> & { by: string };

type Derived = Partial<Record<"dead_letters" | "outbox" | "inbox" | "sagas", readonly string[]>>;

/** What a map tells: what is mapped is recorded, and `derived` names the times that are worked out of something else. */
export function abilitiesOf(
  { outbox, inbox, held, dead_letters: letters, sagas, steps }: SourceMap,
  derived: Derived = {},
): Abilities {
  const time = (kind: keyof Derived, field: string, mapped: string | undefined): TimeQuality =>
    mapped === undefined ? "first seen" : derived[kind]?.includes(field) ? "derived" : "exact";
  const has = (mapped: unknown): boolean => mapped !== undefined;
  return {
    outbox: outbox
      ? {
          published: has(outbox.published) || (has(outbox.pending) && outbox.absent === "done"),
          counted: has(outbox.published),
          created: time("outbox", "occurred", outbox.occurred ?? outbox.written),
          ...{ attempts: has(outbox.attempts), key: has(outbox.key) },
        }
      : null,
    inbox: inbox ? { processed: time("inbox", "processed", inbox.processed), type: has(inbox.type) } : null,
    held: has(held),
    deadLetters: letters
      ? {
          ...{ errorType: has(letters.error_type), error: has(letters.error), stack: has(letters.stack) },
          ...{ attempts: has(letters.attempts), key: has(letters.key), payload: has(letters.payload) },
          ...{ correlation: has(letters.correlation), expires: has(letters.expires) },
          occurred: time("dead_letters", "occurred", letters.occurred),
          parked: time("dead_letters", "parked_at", letters.parked_at),
          ...{ retry: has(letters.retry), discard: has(letters.discard) },
        }
      : null,
    sagas: sagas
      ? {
          started: time("sagas", "started", sagas.started),
          updated: time("sagas", "updated", sagas.updated),
          ...{ deadline: has(sagas.deadline), steps: has(steps), hold: false },
        }
      : null,
  };
}
