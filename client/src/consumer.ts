import { type Attempted, attemptAll, attemptOnce, type Work } from "./attempts.js";
import { release } from "./held.js";
import { receive } from "./inbox.js";
import type { Message } from "./message.js";
import type { Attempt, Outcome, Service } from "./service.js";
import type { Sql } from "./sql.js";

/**
 * Handles a message: once, in order, with attempts, and aside after the last. When it has answered, acknowledge to the broker; it throws only while
 * the database is away, and then do not. It waits between attempts in this process.
 */
export async function consume<Tx extends Sql>(service: Service<Tx>, message: Message): Promise<Outcome | "parked"> {
  const outcome = await attemptAll(service, handling(service, message));
  if (outcome === "applied") await release(service, message.business_key);
  return outcome;
}

/** The same as a single attempt, for brokers that bring a message again by themselves; `log` is what the failed attempts before it answered. */
export async function consumeOnce<Tx extends Sql>(
  service: Service<Tx>,
  message: Message,
  log: Attempt[] = [],
): Promise<Attempted> {
  const attempted = await attemptOnce(service, handling(service, message), log);
  if (attempted.outcome === "applied") await release(service, message.business_key);
  return attempted;
}

function handling<Tx extends Sql>(service: Service<Tx>, message: Message): Work<Tx> {
  return { message, run: (tx, attempts) => receive(tx, service, message, { attempts }) };
}
