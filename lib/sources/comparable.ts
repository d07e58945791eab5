import { FOR_EVER, type Instant } from "../time";

/** The last day that stands for "without an end", as a source writes it. */
export const FOR_EVER_TEXT = new Date(FOR_EVER).toISOString();

/** A relation of the service's own as a rule compares it: which column names a row, and which of its columns matter. */
export type Relation = {
  /** May be qualified by a schema. */
  relation: string;
  key: string;
  columns: string[];
  changedAt: string | null;
  version: string | null;
};
/** Everything as text, times in UTC; `values` in the order of the columns. */
export type RelationRow = { key: string; version: string | null; changedAt: string | null; values: (string | null)[] };
export type ValueKind = "number" | "time" | "json" | "uuid" | "text";
/** What a column holds: one value, or many as an array, a range or ranges do. */
export type ColumnKind = ValueKind | `${ValueKind}[]`;

/** What a database says of a relation before it is compared. */
export type RelationShape = {
  /** Why it cannot be compared, in words that say what to change; null when it can. */
  problem: string | null;
  /** What makes comparing it weaker. */
  notes: string[];
  /** By what pages are sorted: as numbers, by the bytes of the text, or in an order that only this database knows. */
  order: "number" | "bytes" | "own";
  keyType: string;
  /** Digits after the point that a numeric key is written with; null where it is free or no numeric. */
  keyScale: number | null;
  /** The values of a key that is an enum. */
  keyLabels: string[] | null;
  /** The order is that of an index with a collation of its own. */
  collated: boolean;
  /** The last change of the whole relation can be read from an index. */
  changedAtIndexed: boolean;
  kinds: ColumnKind[];
  /** Digits of a second that a column of times keeps; null for every other. */
  precisions: (number | null)[];
  /** As the server's statistics say; null before they were gathered. */
  estimatedN: number | null;
  /** Columns of times without a zone, and the zone that they are of; left out where that is UTC. */
  local?: { zone: string; columns: string[] };
};

/** Reads of a service's own relations, each a short statement of its own on a connection that nothing else uses. */
export interface Comparable {
  describe(relation: Relation): Promise<RelationShape>;
  /** Rows whose key comes after `after` in the shape's order, whole keys only; `more` tells that others follow. */
  page(
    relation: Relation,
    shape: RelationShape,
    after: string | null,
    most: number,
  ): Promise<{ rows: RelationRow[]; more: boolean }>;
  /** The rows of these keys, which of them the key's type cannot hold and nobody was asked for, the source's clock before they were read, and, where an index knows, the relation's last change. */
  byKey(
    relation: Relation,
    shape: RelationShape,
    keys: readonly string[],
  ): Promise<{ now: Instant; rows: RelationRow[]; notAsked: string[]; changedUpTo: string | null }>;
}
