import type { Ctx } from "../context";
import { can, zoneFilter } from "../permissions";
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
  const sight = zoneFilter(ctx.actor);
  const { uuid, number, operation, divergence, case: caseId } = question;
  const none = <T>(): Promise<T[]> => Promise.resolve([]);
  const [keys, named, letters, waiting, groups, sagas, correlated, operations, divergences, cases, people] = await Promise.all([
    selectKeys(ctx.db, question.prefixes, sight),
    find.selectNamed(ctx.db, text, sight),
    uuid
      ? find.selectLetters(ctx.db, { uuid }, sight)
      : number === null
        ? none<find.FoundLetter>()
        : find.selectLetters(ctx.db, { number }, sight),
    uuid ? find.selectWaitingFor(ctx.db, uuid, sight) : [],
    find.selectGroups(ctx.db, { number, fingerprint: text }, sight),
    uuid ? find.selectSagas(ctx.db, uuid, sight) : [],
    find.selectCorrelated(ctx.db, text, sight),
    operation === null ? [] : find.selectFoundOperation(ctx.db, operation, sight),
    divergence === null ? [] : find.selectFoundDivergence(ctx.db, divergence, sight),
    caseId === null ? [] : find.selectFoundCase(ctx.db, caseId, sight),
    can(ctx.actor, "operator.change", []).ok ? find.selectPeople(ctx.db, text) : [],
  ]);
  const found = { keys, named, letters, waiting, groups, sagas, correlated, operations, divergences, cases, people };
  return { now: ctx.now, text, hits: hitsOf(question, found) };
}
