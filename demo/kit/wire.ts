import type { Message } from "../../client/src";
import type { Faults } from "./faults";
import { chance, digits } from "./random";

/** What the wire does to messages: the share that arrives late, and the share that arrives twice. */
export type Disorder = { late: number; twice: number };
export type Wire = { disorder: Disorder; faults: Faults };

/** A message under way: how long it takes. */
export type Travel = { message: Message; delayMs: number };

const LATE_MS = 1_500;
const COPY_MS = 800;
// While events are reordered, one in four takes so long that its successors overtake it.
const OVERTAKEN = { share: 0.25, ms: 75_000 };
// While events are duplicated, every other one comes twice, and one copy in five comes as a message of its own.
const DUPLICATED = { share: 0.5, anew: 0.2 };
const LOST = 0.1;

/** How a message travels: once and at once, late, or twice. */
export function travelsOf(message: Message, { disorder, faults }: Wire): Travel[] {
  const once = { message, delayMs: delayOf(message, { disorder, faults }) };
  const twice = faults.has("duplicated-events") ? DUPLICATED.share : disorder.twice;
  if (chance(message.message_id, "twice") >= twice) return [once];
  return [once, { message: faults.has("duplicated-events") ? copyOf(message) : message, delayMs: COPY_MS }];
}

function delayOf({ message_id: id }: Message, { disorder, faults }: Wire): number {
  if (faults.has("reordered-events") && chance(id, "overtaken") < OVERTAKEN.share) return OVERTAKEN.ms;
  return chance(id, "late") < disorder.late ? LATE_MS : 0;
}

// A bridge that gives each copy an id of its own: no inbox can know it for what it is.
function copyOf(message: Message): Message {
  const id = message.message_id;
  return chance(id, "anew") < DUPLICATED.anew ? { ...message, message_id: uuid(id) } : message;
}

const uuid = (id: string): string => digits(32, id, "copy").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");

/** Whether the broker, while it loses events, loses this one. */
export function isLost({ message_id: id }: Message, producer: string, faults: Faults): boolean {
  return faults.has("lost-events") && producer === "order-service" && chance(id, "lost") < LOST;
}
