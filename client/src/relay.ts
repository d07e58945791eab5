import { type Message, messageOf, selectMessage } from "./message.js";
import { type Database, rowsOf, type Sql } from "./sql.js";

/** Gives messages to whoever carries them; returns when they are taken over. All of them may come again. */
export type Publish = (messages: Message[]) => Promise<unknown>;

type Row = Message & { position: string };

const BATCH = 100;
// So many refusals one after the other are no fault of the messages.
const REFUSED_MAX = 3;

/**
 * Publishes what waits in the outbox, and answers how much. Published first and marked afterwards: a crash between the two sends a message twice,
 * never not at all. Rows are locked until the mark, so that several relays share the work. A batch that is refused is offered one by one, and what was
 * refused before comes behind what was not, so that bad messages hold up nobody else, however many there are. Throws when something was refused,
 * after noting it beside the rows.
 */
export async function relay(database: Database, publish: Publish): Promise<number> {
  const refused: Refused = [];
  const published = await database.transaction(async (tx) => {
    const fresh = await rowsOf<Row>(
      tx,
      `select position::text, ${selectMessage} from messaging.outbox where published_at is null and attempts = 0
        order by position limit ${BATCH} for update skip locked`,
    );
    // Looking for these goes through all that waits: not while that is much.
    const again = fresh.length < BATCH ? await refusedBefore(tx, BATCH - fresh.length) : [];
    const rows = [...fresh, ...again];
    if (rows.length === 0) return 0;
    const done = await offer(rows, publish, refused);
    await mark(tx, done);
    for (const [position, error] of refused) await note(tx, position, error);
    return done.length;
  });
  if (refused.length > 0) throw refused[0]![1];
  return published;
}

const refusedBefore = (tx: Sql, most: number): Promise<Row[]> =>
  rowsOf<Row>(
    tx,
    `select position::text, ${selectMessage} from messaging.outbox where published_at is null and attempts > 0
      order by attempts, position limit $1::int for update skip locked`,
    [most],
  );

type Refused = [position: string, error: unknown][];

async function offer(rows: Row[], publish: Publish, refused: Refused): Promise<string[]> {
  try {
    await publish(rows.map(messageOf));
    return rows.map((row) => row.position);
  } catch (error) {
    if (rows.length === 1) {
      refused.push([rows[0]!.position, error]);
      return [];
    }
  }
  const done: string[] = [];
  let inARow = 0;
  for (const row of rows) {
    const taken = await offer([row], publish, refused);
    inARow = taken.length > 0 ? 0 : inARow + 1;
    done.push(...taken);
    if (inARow === REFUSED_MAX) break;
  }
  return done;
}

async function mark(tx: Sql, positions: string[]): Promise<void> {
  if (positions.length === 0) return;
  await tx.query(
    "update messaging.outbox set published_at = clock_timestamp(), attempts = attempts + 1, last_error = null where position = any($1::text[]::bigint[])",
    [positions],
  );
}

async function note(tx: Sql, position: string, error: unknown): Promise<void> {
  await tx.query("update messaging.outbox set attempts = attempts + 1, last_error = $2::text where position = $1::text::bigint", [
    position,
    error instanceof Error ? error.message : String(error),
  ]);
}
