import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { list, rows } from "../db/rows";

export type GroupName = { groupId: number; consumer: string; eventType: string; errorType: string; template: string };

/** What groups are called. */
export async function selectGroupNames(db: Db, groupIds: readonly number[]): Promise<Map<number, GroupName>> {
  const found = await rows<GroupName>(
    db,
    sql`select group_id as "groupId", consumer, event_type as "eventType", error_type as "errorType", template from dead_letter_group where group_id = any(${list(groupIds, "bigint")})`,
  );
  return new Map(found.map((group) => [group.groupId, group]));
}
