import type { Message } from "./message.js";
import type { Database, Sql } from "./sql.js";

/** Who speaks: name and deployed version go into headers, inbox and dead letters. */
export type Producer = {
  name: string;
  version: string;
  /** The clock that dates what happens and what is processed; the database's without it, which needs no agreement between hosts. */
  clock?: () => Date;
};

/** What a handler made of a message: done, too old to do, none of ours, or too early; `waitsFor` is the version that must come first. */
export type Verdict = "applied" | "stale" | "ignored" | { waitsFor: number };

/** How a message ended here. */
export type Outcome = "applied" | "stale" | "ignored" | "duplicate" | "held";

/** An ordinary handler: business change and outgoing events in the transaction that it is given, which also notes that it was done. */
export type Handler<Tx extends Sql = Sql> = (tx: Tx, message: Message) => Promise<Verdict>;

/** Attempts in all, and the wait after each: doubling from `firstMs` to at most `maxMs`. */
export type Backoff = { attempts: number; firstMs: number; maxMs: number };

/** One line of an attempt log. */
export type Attempt = { at: string; error_type: string; error_message: string; duration_ms: number };

/** A service that handles events; `name` is the consumer's name in inbox and dead letters. */
export type Service<Tx extends Sql = Sql> = Producer & {
  database: Database<Tx>;
  /** By event type; what has none is ignored, and noted as such. */
  handlers: Readonly<Record<string, Handler<Tx>>>;
  /** Five attempts within some ten seconds, if it says nothing else. */
  backoff?: Backoff;
  /** Whether its handlers answer that a message must wait for an earlier one: then what waits is released. */
  inSequence?: boolean;
  /** How many messages it handles side by side where this package does the taking; those of one key keep their order. One, if it says nothing else. */
  lanes?: number;
};

/** What counts where a service says nothing. */
export const usualBackoff: Backoff = { attempts: 5, firstMs: 500, maxMs: 30_000 };

/** How long to wait after this many failed attempts: exponential, with a ceiling. */
export function waitAfter(attempts: number, { firstMs, maxMs }: Backoff): number {
  return Math.min(firstMs * 2 ** (attempts - 1), maxMs);
}
