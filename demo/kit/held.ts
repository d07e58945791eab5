import { isOutage, type Tx, transaction } from "./cluster";
import type { Service } from "./definition";
import { receive, turnOf } from "./inbox";
import { type Message, messageOf, selectMessage } from "./message";

const SWEEP = 50;

/** Handles what this key's held messages have been waiting for, lowest version first, until one must wait on. */
export async function releaseHeld(service: Service, businessKey: string): Promise<number> {
  if (!service.definition.inSequence) return 0;
  for (let released = 0; ; released++) {
    let next: Message | null = null;
    try {
      const more = await transaction(
        service.pool,
        async (tx) => {
          next = await firstHeld(tx, service, businessKey);
          if (!next || (await receive(tx, service, next, { attempts: 1 })) === "held") return false;
          await drop(tx, service, next);
          return true;
        },
        turnOf(service, businessKey),
      );
      if (!more) return released;
    } catch (error) {
      if (isOutage(error) || next === null) throw error;
      // Its turn has come and its handler fails: from here it is an ordinary message with attempts. Queued first, so that
      // a crash between the two leaves a duplicate and not a gap.
      await service.broker.enqueue(service.name, next);
      await drop(service.pool, service, next);
    }
  }
}

/** Looks again at held keys, a few at each call: a crash may have come between a predecessor and its release. */
export async function sweepHeld(service: Service): Promise<number> {
  if (!service.definition.inSequence) return 0;
  const { rows } = await service.pool.query<{ business_key: string }>(
    `select distinct business_key from messaging.held_message where consumer = $1 and business_key > $2 order by business_key limit $3`,
    [service.name, service.sweptTo, SWEEP],
  );
  service.sweptTo = rows.length === SWEEP ? rows.at(-1)!.business_key : "";
  let released = 0;
  for (const { business_key } of rows) released += await releaseHeld(service, business_key);
  return released;
}

async function firstHeld(tx: Tx, service: Service, businessKey: string): Promise<Message | null> {
  const { rows } = await tx.query(
    `select ${selectMessage("h")} from messaging.held_message h where consumer = $1 and business_key = $2 order by version limit 1`,
    [service.name, businessKey],
  );
  return rows[0] ? messageOf(rows[0]) : null;
}

async function drop(tx: Pick<Tx, "query">, service: Service, message: Message): Promise<void> {
  await tx.query("delete from messaging.held_message where consumer = $1 and message_id = $2", [
    service.name,
    message.message_id,
  ]);
}
