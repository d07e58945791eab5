import { parse, v5 as uuidv5 } from "uuid";
import type { Redelivery, RedeliveryEdit } from "../sources/redeliverable";
import type { Item } from "./dispatch.sql";

// Accord's own namespace: the same operation and item are the same redelivery for ever, so that a repeat is the same row. As bytes, since ids are
// made by the thousand.
const NAMESPACE = parse("6f0c1a52-2f0e-4a5e-9d55-4f7c0b8e8a11");

/** The id of an item's redelivery: derived, never drawn. */
export const redeliveryId = (operationId: number, item: number): string => uuidv5(`${operationId}/${item}`, NAMESPACE);

/** The id of the message that an item's edit makes; its causation is the original. */
export const editedMessageId = (operationId: number, item: number): string => uuidv5(`${operationId}/${item}/edited`, NAMESPACE);

/** Who asks, as a source is told. */
export const byOf = (name: string, operationId: number): string => `${name}, OP-${operationId}`;

/** One item as its source is asked for it. */
export const requestOf = (
  operationId: number,
  requestedBy: string,
  item: Item,
  edit: RedeliveryEdit | null = null,
): Redelivery => ({
  redeliveryId: redeliveryId(operationId, item.item),
  sourceDeadLetterId: item.sourceDeadLetterId,
  consumer: item.consumer,
  messageId: item.messageId,
  requestedBy,
  mark: item.mark,
  edit,
});
