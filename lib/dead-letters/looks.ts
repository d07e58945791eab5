import type { Db } from "../db/pool";
import { Refusal } from "../refusal";
import { failureWords } from "../sources/failure-words";
import { fromSource, SourceFailure } from "../sources/failures.rules";
import type { Observed } from "../sources/observed";
import { type Instant, minutes, seconds } from "../time";
import {
  answerLook,
  claimLooks,
  deleteOldLooks,
  dropLook,
  type Found,
  insertLook,
  type Look,
  type LookedAt,
  takeLook,
} from "./looks.sql";

/** More than this is not sent to a page: it is read where it lies. */
export const SHOWN_BYTES_MAX = 4 * 1024 * 1024;
// Above what a source is given to answer.
const WAIT_MS = seconds(8);
const ASK_EVERY_MS = 100;
const AT_ONCE = 8;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A letter's payload as its source has it now: a worker reads it by primary key, and the store keeps it no longer than until it is here. */
export async function askSource(db: Db, at: LookedAt): Promise<Found> {
  const lookId = await insertLook(db, at);
  for (const until = performance.now() + WAIT_MS; performance.now() < until; await sleep(ASK_EVERY_MS)) {
    const found = await takeLook(db, lookId);
    if (found) return found;
  }
  await dropLook(db, lookId);
  throw new Refusal(
    "unavailable",
    `Nobody has read it in ${at.sourceId} in time: is a worker running, and the source answering? Try again.`,
  );
}

/** Reads what people wait for, of this worker's sources. */
export async function answerLooks(db: Db, observed: readonly Observed[]): Promise<void> {
  const of = new Map(observed.map((one) => [one.sourceId, one]));
  const looks = await claimLooks(db, [...of.keys()], AT_ONCE);
  await Promise.all(looks.map(async (look) => answerLook(db, look.lookId, await lookedAt(of.get(look.sourceId)!, look))));
}

async function lookedAt({ source, sourceId }: Observed, look: Look): Promise<Found> {
  const nothing = { payload: null, headers: null, payloadBytes: null };
  try {
    const body = await fromSource(source.body(look, SHOWN_BYTES_MAX));
    if (body === null) return { ...nothing, problem: `${sourceId} does not keep this message any more.` };
    if (body.payload !== null) return { ...body, problem: null };
    const bytes = body.payloadBytes.toLocaleString("en-US");
    const why =
      body.payloadBytes > 0
        ? `Its ${bytes} bytes are more than a page shows; read it in ${sourceId}.`
        : `${sourceId} has no payload of this message.`;
    return { ...nothing, payloadBytes: body.payloadBytes, problem: why };
  } catch (error) {
    if (!(error instanceof SourceFailure)) throw error;
    return { ...nothing, problem: `${sourceId} could not be read: ${failureWords(error.cause)}` };
  }
}

/** Forgets answers that nobody has fetched. */
export const forgetLooks = (db: Db, now: Instant): Promise<number> => deleteOldLooks(db, now - minutes(1));
