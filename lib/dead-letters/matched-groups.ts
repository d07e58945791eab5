import type { Db } from "../db/pool";
import type { Instant } from "../time";
import { countMaxOf } from "./count.rules";
import { countByGroup, type GroupsPage, selectCounted, selectGroups, selectLargest } from "./groups.sql";
import { isOfGroups } from "./query.rules";
import type { GroupFilter } from "./rules";

/** `atLeast` when there are more than were counted. */
type MatchedGroups = GroupsPage & { atLeast: boolean };

/** A page of groups, the largest first, and what the whole filter holds. */
export async function matchedGroups(
  db: Db,
  filter: GroupFilter,
  scope: string[] | null,
  now: Instant,
  page: number,
): Promise<MatchedGroups> {
  if (isOfGroups(filter.queries)) return { ...(await selectGroups(db, filter, scope, now, page)), atLeast: false };
  const counted = await countByGroup(db, filter, scope, now);
  const messagesN = counted.reduce((sum, { n }) => sum + n, 0);
  const most = countMaxOf(filter.queries);
  const atLeast = messagesN > most;
  const groups = atLeast
    ? await selectLargest(db, filter, scope, now, page)
    : await selectCounted(db, counted, filter.after, page);
  return { groups, groupsN: Math.max(counted.length, groups.length), messagesN: Math.min(messagesN, most), atLeast };
}
