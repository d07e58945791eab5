import { attemptAll, type Work } from "./attempts.js";
import { receive, takeTurn } from "./inbox.js";
import { type Message, selectMessage } from "./message.js";
import type { Producer, Service } from "./service.js";
import { rowsOf, type Sql } from "./sql.js";

const SWEEP = 50;

/**
 * Handles what this key's held messages have been waiting for, lowest version first, until one must wait on or fails; answers how many. Once
 * `signal` is given it begins no other.
 */
export async function release<Tx extends Sql>(service: Service<Tx>, key: string, signal?: AbortSignal): Promise<number> {
  if (!service.inSequence) return 0;
  for (let released = 0; ; released++) {
    if (signal?.aborted) return released;
    const message = await firstHeld(service, key);
    if (!message) return released;
    const outcome = await attemptAll(service, releasing(service, message), signal);
    if (outcome === "held" || outcome === "parked") return released;
  }
}

function releasing<Tx extends Sql>(service: Service<Tx>, message: Message): Work<Tx> {
  return {
    message,
    run: async (tx, attempts) => {
      await takeTurn(tx, service, message.business_key);
      // Somebody else released it meanwhile.
      if (!(await isHeld(tx, service, message))) return "ignored";
      const ended = await receive(tx, service, message, { attempts });
      if (ended !== "held") await drop(tx, service, message);
      return ended;
    },
    alsoWhenParked: (tx) => drop(tx, service, message),
  };
}

/**
 * Looks again at held keys, a few at each call, in the order of the keys behind `from`: a crash may have come between a predecessor and its release.
 * Answers how many were released and where to go on.
 */
export async function sweep<Tx extends Sql>(
  service: Service<Tx>,
  from = "",
  signal?: AbortSignal,
): Promise<{ released: number; to: string }> {
  if (!service.inSequence) return { released: 0, to: "" };
  const keys = await rowsOf<{ business_key: string }>(
    service.database,
    `select distinct business_key from messaging.held_message where consumer = $1::text and business_key > $2::text order by business_key limit ${SWEEP}`,
    [service.name, from],
  );
  let released = 0;
  for (const { business_key } of keys) released += await release(service, business_key, signal);
  return { released, to: keys.length === SWEEP ? keys.at(-1)!.business_key : "" };
}

async function firstHeld({ database, name }: Producer & { database: Sql }, key: string): Promise<Message | undefined> {
  const [row] = await rowsOf<Message>(
    database,
    `select ${selectMessage} from messaging.held_message where consumer = $1::text and business_key = $2::text order by held_message.version limit 1`,
    [name, key],
  );
  return row;
}

async function isHeld(tx: Sql, { name }: Producer, message: Message): Promise<boolean> {
  const rows = await rowsOf(
    tx,
    "select 1 from messaging.held_message where consumer = $1::text and message_id = $2::text::uuid for update",
    [name, message.message_id],
  );
  return rows.length > 0;
}

async function drop(tx: Sql, { name }: Producer, message: Message): Promise<void> {
  await tx.query("delete from messaging.held_message where consumer = $1::text and message_id = $2::text::uuid", [
    name,
    message.message_id,
  ]);
}
