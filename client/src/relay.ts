import { failureOf } from "./failure.js";
import { type Message, messageOf, selectMessage } from "./message.js";
import { type Database, rowsOf, type Sql } from "./sql.js";

/** Gives messages to whoever carries them; returns when they are taken over. All of them may come again. */
export type Publish = (messages: Message[]) => Promise<unknown>;

type Row = Message & { position: string };

const BATCH = 100;
// So many refusals one after the other are no fault of the messages.
const REFUSED_MAX = 3;

/** What of it to offer: what was never refused, what was, or most of the first with some of the second. */
export type Which = "fresh" | "refused" | "both";

const share: Record<Which, { fresh: number; refused: number }> = {
  fresh: { fresh: BATCH, refused: 0 },
  refused: { fresh: 0, refused: BATCH },
  both: { fresh: 90, refused: 10 },
};

/**
 * Publishes what waits in the outbox, and answers how much. Published first and marked afterwards: a crash between the two sends a message twice,
 * never not at all. Rows are locked until the mark, so that several relays share the work. A batch that is refused is offered one by one, and what was
 * refused before comes behind what was not, so that neither holds up the other, however many there are. Throws when something was refused, after
 * noting it beside the rows.
 */
export async function relay(database: Database, publish: Publish, which: Which = "both"): Promise<number> {
  const refused: Refused = [];
  const published = await database.transaction(async (tx) => {
    const rows = [...(await waiting(tx, fresh, share[which].fresh)), ...(await waiting(tx, refusedBefore, share[which].refused))];
    if (rows.length === 0) return 0;
    const done = await offer(rows, publish, refused);
    await mark(tx, done);
    for (const [position, error] of refused) await note(tx, position, error);
    return done.length;
  });
  if (refused.length > 0) throw refused[0]![1];
  return published;
}

// By the table's own position: a bare name would be what is selected, which is text.
const fresh = `select position::text, ${selectMessage} from messaging.outbox where published_at is null and last_error is null
  order by outbox.position limit $1::int for update skip locked`;
const refusedBefore = `select position::text, ${selectMessage} from messaging.outbox where published_at is null and last_error is not null
  order by attempts, outbox.position limit $1::int for update skip locked`;

const waiting = async (tx: Sql, statement: string, most: number): Promise<Row[]> =>
  most === 0 ? [] : rowsOf<Row>(tx, statement, [most]);

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
    failureOf(error).message,
  ]);
}
