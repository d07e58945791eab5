import { auditedOnce, permitted } from "../audited";
import type { Ctx } from "../context";
import type { Db } from "../db/pool";
import { can } from "../permissions";
import { Refusal } from "../refusal";
import { discover } from "./discover";
import { foundOf } from "./discovered";
import { addressesOf, isOwnVariable, type Known } from "./discovery.rules";
import { claimLook, markAsked, recordLook, selectLook, type Wanted } from "./discovery.sql";
import { unreachableWords } from "./discovery-words";
import { failureWords } from "./failure-words";
import { SourceProblem } from "./failures.rules";
import { selectSourceStatuses } from "./read.sql";
import type { DiscoveryView, Found } from "./views";

/**
 * Asks a worker to look at databases; administrators only. They are named by what stands in the worker's environment or in accord.yaml: an
 * address is never taken, so that this is no way to make Accord connect anywhere, and no password comes through it.
 */
export async function requestDiscovery(
  ctx: Ctx,
  { variables, sources, key }: Wanted & { key: string },
): Promise<{ lookId: string; repeated: boolean }> {
  const target = { kind: "database", id: [...variables, ...sources].join(", "), zones: [] };
  const { value, repeated } = await auditedOnce(ctx, "source.discover", { variables, sources, key }, async () => {
    await permitted(ctx, "source.discover", target);
    const own = variables.find(isOwnVariable);
    if (own !== undefined) throw new Refusal("invalid", unreachableWords.own(own), { field: "variables" });
    return {
      target,
      change: async (tx) => {
        const asked = await markAsked(tx, { variables, sources }, ctx.actor.kind === "worker" ? "a worker" : ctx.actor.name);
        if (!asked) throw new Refusal("conflict", "A look is under way. It ends within a minute; ask again then.");
        return asked;
      },
      entry: { detail: { variables, sources } },
    };
  });
  return { ...value, repeated };
}

/** The last look with what it found, and the sources that may be looked at; for administrators, since it names tables of every service. */
export async function readDiscovery(ctx: Ctx): Promise<DiscoveryView> {
  const permission = can(ctx.actor, "source.discover", []);
  if (!permission.ok) throw new Refusal("forbidden", permission.reason);
  const [look, sources] = await Promise.all([selectLook(ctx.db), selectSourceStatuses(ctx.db)]);
  return { now: ctx.now, sources: sources.map(({ sourceId, service }) => ({ sourceId, service })), look };
}

/** Carries out the look that somebody asked for, if there is one: by this worker's addresses, read-only, 10 s at most. */
export async function lookAsAsked(db: Db, workerId: string, known: Known): Promise<void> {
  const look = await claimLook(db, workerId);
  if (look) await recordLook(db, { lookId: look.lookId, workerId }, await looked(look, known));
}

async function looked(wanted: Wanted, known: Known): Promise<{ problem: string | null; found: Found | null }> {
  try {
    const asked = addressesOf(wanted, known).map((address) => {
      if ("url" in address) return address;
      throw new SourceProblem(unreachableWords[address.problem](address.called));
    });
    return { problem: null, found: foundOf(await discover(asked)) };
  } catch (error) {
    return { problem: failureWords(error), found: null };
  }
}
