import type pg from "pg";
import type { Relation } from "../../comparable";
import type { SourceFacts } from "../../source";
import { comparedRelations } from "./compared";
import { selectSlots } from "./facts.sql";

/** What contracts make a source answer for: the relations that are compared there, and whether its events are captured. */
export type Asked = { relations: readonly Relation[]; isCaptured: boolean };

/** What keeps these relations from being compared. */
export async function comparedFacts(pool: pg.Pool, relations: readonly Relation[]): Promise<SourceFacts["compared"]> {
  const { describe } = comparedRelations(pool);
  const facts = [];
  for (const relation of relations) facts.push({ relation: relation.relation, problem: (await describe(relation)).problem });
  return facts;
}

/** How far change data capture is, where it is asked for. */
export const captureFacts = async (pool: pg.Pool, isCaptured: boolean): Promise<SourceFacts["capture"]> =>
  isCaptured ? selectSlots(pool) : null;

/** An answer, or the error that came in its place. */
export const orError = <T>(answer: Promise<T>): Promise<T | Error> =>
  answer.catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
