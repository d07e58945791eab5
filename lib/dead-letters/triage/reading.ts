import type { Ctx } from "../../context";
import type { Db } from "../../db/pool";
import { assignableIn } from "../../operators/assigning";
import { canRead } from "../../permissions";
import type { Instant } from "../../time";
import type { StoredGroup } from "../sql";
import { selectEndings } from "./ending.sql";
import { type Triage, untouched } from "./rules";
import { selectGroupEvents, selectTriage } from "./sql";
import type { GroupTriageView, TriageView } from "./views";
import { seenBeforeWords, triageDetail, triageShort } from "./words";

const HISTORY_MAX = 200;
const SEEN_MAX = 10;

/** Where groups stand, by their numbers; one that nobody touched is new. */
export async function triageOf(db: Db, groupIds: readonly number[], now: Instant): Promise<(groupId: number) => TriageView> {
  const stored = new Map((await selectTriage(db, groupIds)).map((one) => [one.groupId, one]));
  return (groupId) => triageView(stored.get(groupId) ?? untouched, now);
}

function triageView(one: Triage, now: Instant): TriageView {
  const { state, stateN, assignee, assigneeName, ticket } = one;
  return {
    state,
    stateN,
    word: triageShort(one),
    detail: triageDetail(one, now),
    assignee: assignee === null ? null : { id: assignee, name: assigneeName! },
    ticket,
    ready: one.readyAt !== null,
    regressed: one.state !== "resolved" && one.regressedAt !== null,
  };
}

/** What was said of a group and done with it, whom it can be given to, and with what it ended before. */
export async function readTriage(ctx: Ctx, group: StoredGroup): Promise<GroupTriageView> {
  const [people, history, endings] = await Promise.all([
    assignableIn(ctx.db, "group.assign", group.zones),
    selectGroupEvents(ctx.db, group.groupId, HISTORY_MAX),
    selectEndings(ctx.db, group, SEEN_MAX),
  ]);
  const readable = (zones: readonly string[]) =>
    zones.length === 0 ? canRead(ctx.actor, null) : zones.some((zone) => canRead(ctx.actor, zone));
  return {
    people,
    history: history.map(({ byName, byId, ...event }) => ({ ...event, by: byName, person: byId !== null })),
    seenBefore: endings
      .filter(({ zones }) => readable(zones))
      .map((one) => ({
        at: one.endedAt,
        other: one.groupId === group.groupId ? null : { groupId: String(one.groupId), errorType: one.errorType },
        text: seenBeforeWords(one),
      })),
  };
}
