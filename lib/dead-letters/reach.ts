import type { Ctx } from "../context";
import type { Contract } from "../contracts/rules";
import { canRead } from "../permissions";
import { causeState } from "./reach.rules";
import { selectReach } from "./reach.sql";
import { behindWords, causeWords, keysWords, neverOnWords } from "./reach-words";
import type { StoredGroup } from "./sql";
import { isQuiet } from "./triage/rules";
import type { GroupView } from "./views";

/** How far a failure reaches, within what the actor may see; `own` are the contracts of its zones. */
export async function reachOf(ctx: Ctx, group: StoredGroup, own: readonly Contract[]): Promise<GroupView["reach"]> {
  const zones = group.zones.filter((zone) => canRead(ctx.actor, zone));
  const reach = await selectReach(ctx.db, { ...group, closedN: group.totalN - group.openN }, zones);
  const state = causeState({ quiet: isQuiet(group.lastAt, ctx.now) }, reach);
  return {
    cause: group.openN === 0 ? [] : causeWords(state, ctx.now - group.lastAt, reach),
    keys: keysWords(reach, own.length === 1 ? own[0]!.businessKey.name : "key"),
    behind: behindWords(reach),
    neverOn: neverOnWords(reach.neverOn),
  };
}
