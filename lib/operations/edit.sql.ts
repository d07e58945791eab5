import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, hasOneOf, list, rows } from "../db/rows";
import type { Instant } from "../time";
import type { Selection } from "./rules";
import { chosen } from "./sql";

/** A message as an edit is worked out for it; the payload as text. */
export type Editable = {
  id: number;
  messageId: string;
  businessKey: string;
  eventType: string;
  zones: string[];
  payload: string | null;
  payloadBytes: number;
  payloadRemovedAt: Instant | null;
};

/** A page of what is free of a selection, in its order after a place. */
export async function selectEditable(db: Db, selection: Selection, after: number, most: number): Promise<Editable[]> {
  return rows<Editable>(
    db,
    sql`select d.id, d.message_id as "messageId", d.business_key as "businessKey", g.event_type as "eventType", g.zones, b.payload::text as payload, b.payload_bytes as "payloadBytes", b.payload_removed_at as "payloadRemovedAt"
          from dead_letter d join dead_letter_group g using (group_id) join dead_letter_body b using (id) left join dead_letter_claim c on c.dead_letter = d.id
          where ${chosen(selection)} and d.state = 'parked' and c.dead_letter is null and d.id > ${after} order by d.id limit ${most}`,
  );
}

/** What the operation changes in each of its messages. */
export async function insertEdit(tx: Db, operationId: number, patch: string): Promise<void> {
  await tx.execute(sql`insert into operation_edit (operation_id, patch) values (${operationId}, ${patch})`);
}

/** The patch of an operation; null where it edits nothing. */
export async function selectPatch(db: Db, operationId: number): Promise<string | null> {
  const found = await firstRow<{ patch: string }>(db, sql`select patch from operation_edit where operation_id = ${operationId}`);
  return found?.patch ?? null;
}

/** Of some items the event and the zones that they stand in, by which an edit is judged. */
export async function selectItemEvents(
  db: Db,
  operationId: number,
  items: readonly number[],
): Promise<{ item: number; eventType: string; zones: string[] }[]> {
  return rows<{ item: number; eventType: string; zones: string[] }>(
    db,
    sql`select i.item, g.event_type as "eventType", g.zones from operation_item i join dead_letter_group g using (group_id) where i.operation_id = ${operationId} and i.item = any(${list(items, "int")})`,
  );
}

export type EditedItem = {
  item: number;
  messageId: string;
  businessKey: string;
  eventType: string;
  zones: string[];
  payload: string | null;
};

/** Items of an operation in some zones (null: any) with their original payloads, open or closed: from an item on. */
export async function selectEditedItems(
  db: Db,
  operationId: number,
  zones: string[] | null,
  from: number,
  most: number,
): Promise<EditedItem[]> {
  return rows<EditedItem>(
    db,
    sql`select i.item, i.message_id as "messageId", i.business_key as "businessKey", g.event_type as "eventType", g.zones,
            coalesce(b.payload, (select h.body -> 'payload' from dead_letter_history h where h.id = i.dead_letter and h.message_id = i.message_id order by h.closed_at desc limit 1))::text as payload
          from operation_item i join dead_letter_group g using (group_id) left join dead_letter_body b on b.id = i.dead_letter
          where i.operation_id = ${operationId} and i.item >= ${from} and ${hasOneOf(sql`g.zones`, zones)} order by i.item limit ${most}`,
  );
}
