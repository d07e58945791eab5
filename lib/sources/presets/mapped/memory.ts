import { randomUUID } from "node:crypto";
import { KeptRows } from "./kept";
import { OpenSet } from "./open-set";

// In this order they are looked at: what fails in between waits still when events are looked at, and is parked when letters are.
export const openKinds = ["outbox", "dead_letters", "sagas"] as const;
export type OpenKind = (typeof openKinds)[number];
export const keptKinds = ["outbox", "inbox"] as const;
export type KeptKind = (typeof keptKinds)[number];

export type Told = Record<KeptKind, string | null>;

/**
 * What a process knows of a source between two polls. It speaks of what was handed out with the cursor that names it: when another worker
 * polled meanwhile, or the store could not keep a poll, the cursor names another memory, and a new one begins.
 */
export class Memory {
  token = randomUUID();
  readonly open = { dead_letters: new OpenSet(), outbox: new OpenSet(), sagas: new OpenSet() };
  readonly kept = { outbox: new KeptRows(), inbox: new KeptRows() };
  /** Ids of this round that are still to be read in full, and those that left their set. */
  readonly toRead: Record<OpenKind, string[]> = { dead_letters: [], outbox: [], sagas: [] };
  readonly toFollow: Record<OpenKind, string[]> = { dead_letters: [], outbox: [], sagas: [] };
  /** Types of events that wait: where done rows are deleted nothing else tells what was published. */
  readonly types = new Map<string, string>();
  readonly sagaTypes = new Map<string, string>();
  /** Events that this round told as published because they left their set: their new versions are met as well. */
  readonly published = new Set<string>();
  /** Messages that were told as parked, in this round and the one before: they left the events that wait without having been published. */
  parked = { before: new Set<string>(), now: new Set<string>() };
  /** The first round tells what stood there before. */
  fresh = true;
  /**
   * What was told before this memory began is not known, where more was told than is kept: then what was written by transactions before this one
   * counts nothing when it is met.
   */
  doubtfulBefore: string | null = null;
  /** Open sets that take long to read are looked at less often: when each may be read again, by the process's own clock. */
  readonly restUntil: Record<OpenKind, number> = { dead_letters: 0, outbox: 0, sagas: 0 };
  /** Where the windows of this round begin, on the source's clock. */
  windowFrom = 0;
  /** What is not read as it could be, by what it is about. */
  readonly notes = new Map<OpenKind | "transactions", string>();

  /** Goes with the cursor of this poll, and with no other. */
  renew(): void {
    this.token = randomUUID();
  }

  /** What was told of rows that may be met again, to go with the cursor. */
  told(): Told {
    return { outbox: this.kept.outbox.kept(), inbox: this.kept.inbox.kept() };
  }

  /** Goes on where another memory ended, of which the cursor kept this. */
  restore(told: Told | undefined, reached: string): void {
    for (const kind of keptKinds) {
      const names = told?.[kind] ?? null;
      if (names === null) this.doubtfulBefore = reached;
      else this.kept[kind].restore(names);
    }
  }

  get busy(): boolean {
    return (
      openKinds.some((kind) => this.toRead[kind].length + this.toFollow[kind].length > 0) ||
      keptKinds.some((kind) => !this.kept[kind].done)
    );
  }
}
