import { durationWords } from "../time";
import { type Answer, ok, said } from "./answer-words";
import type { SlotFacts, SourceFacts } from "./check.rules";
import { failureWords } from "./failure-words";

// What is behind is told to the byte: it is compared with the next reading.
const bytes = (digits: string): string => `${BigInt(digits).toLocaleString("en-US")} bytes`;

const behind = (facts: SlotFacts): string =>
  facts.behindBytes === null
    ? `${facts.slot} has acknowledged nothing yet${inTime(facts)}`
    : `${facts.slot} has acknowledged all but ${bytes(facts.behindBytes)} of what the whole database wrote${inTime(facts)}`;

/** How far it is behind in time, as far as this role may see it. */
function inTime({ active, lagMs, isTimed, unreadMs }: SlotFacts): string {
  if (!active) return unreadMs === null ? "" : `, and nobody has read it for ${durationWords(unreadMs)}`;
  if (!isTimed) return " (in time: shown to members of pg_monitor)";
  return lagMs === null ? "" : `, ${durationWords(lagMs)} after it was written`;
}

/** How far change data capture is, slot by slot. */
export function captureAnswer(facts: SourceFacts["capture"]): Answer {
  if (facts instanceof Error)
    return said("unknown", `The slots of change data capture could not be asked. ${failureWords(facts)}`);
  if (facts === null) return ok("No contract says that an event of this source goes by change data capture.");
  if (facts.length === 0)
    return said(
      "warn",
      "Events of this source go by change data capture, and no logical replication slot of this database is there to say how far it is; the inboxes alone judge.",
      "Look whether the connector runs; one that asks the tables (polling) has no slot, and all is well.",
    );
  const lost = facts.filter(({ walStatus }) => walStatus === "lost" || walStatus === "unreserved");
  if (lost.length > 0)
    return said(
      "fail",
      `The log that ${lost.map(({ slot }) => slot).join(", ")} has not read yet is ${lost.some(({ walStatus }) => walStatus === "lost") ? "gone" : "about to go"} (max_slot_wal_keep_size): events are lost with it.`,
      "Start the connector again with a new snapshot, and let reconciliation say what is missing.",
    );
  const stopped = facts.filter(({ active }) => !active);
  if (stopped.length > 0)
    return said(
      stopped.length === facts.length ? "fail" : "warn",
      `Nobody reads ${stopped.map(({ slot }) => slot).join(", ")}: ${stopped.map(behind).join("; ")}.`,
      "Start the connector; a slot that nobody needs is to be dropped, because the server keeps its log for it.",
    );
  return ok(`Every slot is read: ${facts.map(behind).join("; ")}.`);
}
