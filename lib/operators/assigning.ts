import { roles } from "../context";
import type { Db } from "../db/pool";
import { type Action, can } from "../permissions";
import { Refusal } from "../refusal";
import { selectAbleIn, selectOperator } from "./sql";

// So many fit a list of names.
const NAMED_MAX = 100;

/** Whom something in these zones can be given to, since they may do this there; `what` is it in words, as in "cases of orders". */
export async function assignable(
  tx: Db,
  operatorId: string,
  action: Action,
  zones: readonly string[],
  what: string,
): Promise<{ id: string; name: string }> {
  const operator = await selectOperator(tx, operatorId);
  if (!operator?.active) throw new Refusal("not_found", "There is no such operator.");
  const { role, zones: own, name, id } = operator;
  if (!can({ kind: "operator", role, zones: own }, action, zones).ok)
    throw new Refusal("conflict", `${name} may not work on ${what}.`);
  return { id, name };
}

/** The operators that something in all of these zones can be given to; without a zone, it takes one for all zones. */
export const assignableIn = (db: Db, action: Action, zones: readonly string[]): Promise<{ id: string; name: string }[]> =>
  selectAbleIn(
    db,
    zones,
    roles.filter((role) => can({ kind: "operator", role, zones: null }, action, zones).ok),
    NAMED_MAX,
  );
