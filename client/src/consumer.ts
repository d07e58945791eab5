import { type Attempted, attemptAll, attemptOnce, type Work } from "./attempts.js";
import { release } from "./held.js";
import { receive } from "./inbox.js";
import { checkMessage, type Message } from "./message.js";
import type { Attempt, Outcome, Service } from "./service.js";
import type { Sql } from "./sql.js";

/**
 * Handles a message: once, in order, with attempts, and aside after the last. When it has answered, acknowledge to the broker; it throws while the
 * database is away, and when `signal` ends its wait between two attempts, and then do not. A `TypeError` tells of something that is no message.
 */
export async function consume<Tx extends Sql>(
  service: Service<Tx>,
  message: Message,
  signal?: AbortSignal,
): Promise<Outcome | "parked"> {
  const outcome = await attemptAll(service, handling(service, message), signal);
  if (outcome === "applied") await release(service, message.business_key, signal);
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
  checkMessage(message);
  return { message, run: (tx, attempts) => receive(tx, service, message, { attempts }) };
}
