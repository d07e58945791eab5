import { selectAnswer } from "../audit/keys.sql";
import { auditedOnce } from "../audited";
import type { Ctx, Person } from "../context";
import { canRead } from "../permissions";
import { Refusal } from "../refusal";
import { parseQuery } from "./query.rules";
import { SAVED_MAX, type SavedRequest } from "./rules";
import { deleteView, selectSaved, selectSavedView, upsertView } from "./saved.sql";
import type { SavedViews } from "./views";

const target = (name: string) => ({ kind: "view", id: name, zones: [] });

/** One's own views and those that are shared. A view is a question, answered to whoever asks it; one that names a zone of others is not told to them. */
export async function listSaved(ctx: Ctx): Promise<SavedViews> {
  const { operatorId } = personOf(ctx);
  const stored = await selectSaved(ctx.db, operatorId);
  const told = stored.filter(
    (view) => view.operatorId === operatorId || zonesNamed(view.search).every((zone) => canRead(ctx.actor, zone)),
  );
  return {
    views: told.map(({ viewId, operatorId: owner, by, ...view }) => ({
      ...view,
      viewId: String(viewId),
      own: owner === operatorId,
      by,
    })),
  };
}

/** Keeps what a list shows under a name: for oneself, or for everybody. The same name again is that view, changed. */
export async function saveView(ctx: Ctx, request: SavedRequest): Promise<{ viewId: string }> {
  const { key: _, ...view } = request;
  const { value } = await auditedOnce(ctx, view.shared ? "view.share" : "view.save", request, async () => ({
    target: target(view.name),
    change: async (tx) => {
      const viewId = await upsertView(tx, personOf(ctx).operatorId, view, ctx.now);
      if (viewId === null)
        throw new Refusal("conflict", `You have ${SAVED_MAX} saved views, which is the most. Remove one that is not needed.`);
      return { viewId: String(viewId) };
    },
    entry: { detail: { search: view.search, pinned: view.pinned } },
  }));
  return value;
}

/** Removes a view: one's own, or a shared one by who may share. */
export async function removeView(ctx: Ctx, request: { viewId: number; key: string }): Promise<{ removed: boolean }> {
  const found = await selectSavedView(ctx.db, request.viewId);
  const { operatorId } = personOf(ctx);
  const mine = found !== null && found.operatorId === operatorId;
  // Asked again, the view is gone and tells no more whether it was shared; the answer to the first request does.
  const before = found ?? (await selectAnswer(ctx.db, { actorId: operatorId, action: "view.share", key: request.key }));
  const action = before !== null && (found === null || found.shared) ? "view.share" : "view.save";
  const { value } = await auditedOnce(ctx, action, request, async () => ({
    target: target(found?.name ?? String(request.viewId)),
    change: async (tx) => {
      if (!found || !(mine || found.shared) || !(await deleteView(tx, request.viewId)))
        throw new Refusal("not_found", "There is no such view, or it is not yours.");
      return { removed: true };
    },
    entry: { detail: { removed: true } },
  }));
  return value;
}

function zonesNamed(search: string): string[] {
  try {
    const { conditions } = parseQuery(new URLSearchParams(search).get("q") ?? "");
    return conditions.flatMap(({ field, values }) => (field === "zone" ? values.filter((zone) => zone !== "none") : []));
  } catch {
    // One that a later version reads otherwise names nothing, and finds nothing.
    return [];
  }
}

function personOf({ actor }: Ctx): Person {
  if (actor.kind === "operator") return actor;
  throw new Refusal("forbidden", "Views are kept by people; a service token may not.");
}
