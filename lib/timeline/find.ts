import type { Ctx } from "../context";
import { can, zoneFilter } from "../permissions";
import { correlatedBy } from "./correlated";
import * as find from "./find.sql";
import { hitsOf } from "./hits";
import { selectKeys } from "./near.sql";
import { questionOf } from "./rules";
import type { FindView } from "./views";

/**
 * What a pasted id or a typed name leads to, in the zones of who asks: a hit in another zone does not exist. One round of small
 * look-ups, each along an index and at most a handful of rows.
 */
export async function findAnything(ctx: Ctx, { text }: { text: string }): Promise<FindView> {
  const question = questionOf(text);
  const scope = zoneFilter(ctx.actor);
  const { id, number, operation, divergence, case: caseId } = question;
  const none = <T>(): Promise<T[]> => Promise.resolve([]);
  const [keys, named, letters, waiting, groups, sagas, correlated, operations, divergences, cases, people] = await Promise.all([
    selectKeys(ctx.db, question.prefixes, scope),
    find.selectNamed(ctx.db, text, scope),
    id
      ? find.selectLetters(ctx.db, { messageId: id }, scope)
      : number === null
        ? none<find.FoundLetter>()
        : find.selectLetters(ctx.db, { number }, scope),
    id ? find.selectWaitingFor(ctx.db, id, scope) : [],
    find.selectGroups(ctx.db, { number, text }, scope),
    id ? find.selectSagas(ctx.db, id, scope) : [],
    correlatedBy(ctx.db, text, scope),
    operation === null ? [] : find.selectFoundOperation(ctx.db, operation, scope),
    divergence === null ? [] : find.selectFoundDivergence(ctx.db, divergence, scope),
    caseId === null ? [] : find.selectFoundCase(ctx.db, caseId, scope),
    can(ctx.actor, "operator.change", []).ok ? find.selectPeople(ctx.db, text) : [],
  ]);
  const found = { keys, named, letters, waiting, groups, sagas, correlated, operations, divergences, cases, people };
  return { now: ctx.now, text, hits: hitsOf(question, found) };
}
