/**
 * How the tables of a framework, or of nobody's framework, are read: each field is an SQL expression over one row of `from`. The names are
 * those that accord.yaml uses, so that a preset is nothing that a configuration could not say.
 */
export type Expression = string;

/** What it means that a row is no longer there: it was done · it was lost · its retention passed. */
export const absences = ["done", "lost", "deleted by retention"] as const;
export type Absence = (typeof absences)[number];

/** How an attempt to retry stands: done with effect · done without, since it had been done · failed again · somebody works on it · nobody yet. */
export const outcomeWords = ["applied", "duplicate", "failed", "taken", "waiting"] as const;
export type OutcomeWord = (typeof outcomeWords)[number];

/** The unit of times that are numbers. */
export const epochUnits = ["s", "ms", "us", "ns"] as const;
export type EpochUnit = (typeof epochUnits)[number];

/** What is common to the rows of every kind. */
type Rows = {
  /** A table with an alias, possibly joined with others and narrowed by `where`: the rows of its first table are read. */
  from: string;
  epoch?: EpochUnit;
};
/** How a table that keeps its rows is read for what changed: the indexed time that every new row gets. */
type Kept = {
  /** An indexed column with the time of writing; found by itself where `occurred`, `published` or `processed` is such a column. */
  window?: Expression;
};

export type LettersMap = Rows & {
  /** Holds for what lies there until a person acts. */
  parked: Expression;
  /** Holds for what was dealt with and is still there. */
  done?: Expression;
  absent?: Absence;
  /** A key of several columns is a list. */
  id: Expression | readonly Expression[];
  /** The message's id where the row has one of its own. */
  message?: Expression;
  consumer: Expression;
  type: Expression;
  key?: Expression;
  payload?: Expression;
  headers?: Expression;
  error_type?: Expression;
  error?: Expression;
  stack?: Expression;
  attempts?: Expression;
  occurred?: Expression;
  parked_at?: Expression;
  expires?: Expression;
  version?: Expression;
  consumer_version?: Expression;
  correlation?: Expression;
  causation?: Expression;
  /** One statement over `:id` (`:id1`, `:id2` of a key of several columns) and `:consumer`, which does nothing to a row that is not parked. */
  retry?: string;
  discard?: string;
  /** A `select` of one of the words over `:id` and `:consumer`, or for each word the condition over the row. */
  outcome?: string | Partial<Record<OutcomeWord, Expression>>;
};
export type OutboxMap = Rows &
  Kept & {
    id: Expression;
    type: Expression;
    aggregate?: Expression;
    key?: Expression;
    payload?: Expression;
    headers?: Expression;
    occurred?: Expression;
    written?: Expression;
    /** When the row was published; left out where the framework does not mark it. */
    published?: Expression;
    /** Holds while the row waits; where `published` is not mapped and done rows are deleted, what is gone was published. */
    pending?: Expression;
    absent?: Absence;
    attempts?: Expression;
    version?: Expression;
    schema_version?: Expression;
    correlation?: Expression;
  };
export type InboxMap = Rows &
  Kept & {
    consumer: Expression;
    id: Expression;
    type?: Expression;
    key?: Expression;
    occurred?: Expression;
    processed?: Expression;
    version?: Expression;
    consumer_version?: Expression;
  };
export type HeldMap = Rows & {
  consumer: Expression;
  id: Expression;
  type: Expression;
  key?: Expression;
  waits_for?: Expression;
  occurred?: Expression;
};
export type SagasMap = Rows & {
  id: Expression;
  type: Expression;
  key?: Expression;
  /** One of running, compensating, completed, compensated, failed. */
  state: Expression;
  /** Holds while it has not ended; needed for an index to be of use. */
  open?: Expression;
  absent?: Absence;
  step?: Expression;
  started?: Expression;
  updated?: Expression;
  deadline?: Expression;
  ended?: Expression;
  correlation?: Expression;
};
export type StepsMap = Rows & {
  saga: Expression;
  position: Expression;
  name: Expression;
  /** forward or compensation. */
  kind?: Expression;
  compensates?: Expression;
  /** One of pending, running, done, failed, skipped. */
  state: Expression;
  attempts?: Expression;
  deadline?: Expression;
  started?: Expression;
  ended?: Expression;
  error_type?: Expression;
  error?: Expression;
};

export type SourceMap = {
  dead_letters?: LettersMap;
  outbox?: OutboxMap;
  inbox?: InboxMap;
  held?: HeldMap;
  sagas?: SagasMap;
  steps?: StepsMap;
};
export type MapKind = keyof SourceMap;
/** A map as a configuration writes it: over a preset's, only what is to be another. */
export type PartialMap = { [K in MapKind]?: Partial<SourceMap[K]> };

/** Which fields each kind takes; `true` where a kind means nothing without it. */
export const mapFields = {
  dead_letters: {
    ...{ from: true, parked: true, id: true, consumer: true, type: true, done: false, key: false, payload: false },
    ...{ headers: false, error_type: false, error: false, stack: false, attempts: false, occurred: false, parked_at: false },
    ...{ message: false, expires: false, version: false, consumer_version: false, correlation: false, causation: false },
  },
  outbox: {
    ...{ from: true, id: true, type: true, aggregate: false, key: false, payload: false, headers: false, occurred: false },
    ...{ written: false, published: false, pending: false, attempts: false, version: false, schema_version: false },
    ...{ correlation: false, window: false },
  },
  inbox: {
    ...{ from: true, consumer: true, id: true, type: false, key: false, occurred: false, processed: false, version: false },
    ...{ consumer_version: false, window: false },
  },
  held: { from: true, consumer: true, id: true, type: true, key: false, waits_for: false, occurred: false },
  sagas: {
    ...{ from: true, id: true, type: true, state: true, key: false, open: false, step: false, started: false, updated: false },
    ...{ deadline: false, ended: false, correlation: false },
  },
  steps: {
    ...{ from: true, saga: true, position: true, name: true, state: true, kind: false, compensates: false, attempts: false },
    ...{ deadline: false, started: false, ended: false, error_type: false, error: false },
  },
} as const satisfies { [K in MapKind]: Partial<Record<keyof NonNullable<SourceMap[K]>, boolean>> };

export const mapKinds = Object.keys(mapFields) as MapKind[];

/** A preset's map with what a configuration says otherwise, field by field. */
export function merged(base: SourceMap, over: PartialMap): PartialMap {
  const kinds = mapKinds.flatMap((kind) => {
    const both = { ...base[kind], ...over[kind] };
    return Object.keys(both).length > 0 ? [[kind, both] as const] : [];
  });
  return Object.fromEntries(kinds);
}
