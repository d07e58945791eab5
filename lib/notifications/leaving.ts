import { audited, auditedOnce, type Target } from "../audited";
import type { Ctx, LinkHolder } from "../context";
import type { Db } from "../db/pool";
import { Refusal } from "../refusal";
import { durationWords, type Instant } from "../time";
import { linkWords } from "./link-words";
import { type Reader, readerIn } from "./links.rules";
import { deleteLeft, deleteWaitingDigests, insertLeft, selectLeft } from "./links.sql";
import { type Opening, signedBy } from "./opened";
import type { ReaderLinkView } from "./views";

/** What stands on the page of a link that ends digests: whose they are, and whether they ended. Changes nothing. */
export async function readReaderLink(opening: Opening, { link }: { link: string }): Promise<ReaderLinkView> {
  const { who } = await opened(opening, link);
  return { now: opening.now, ...who, left: await hasLeft(opening, who) };
}

/** Ends the digests of a channel to the reader whom a link names. Asked again it is the same; nobody has to be signed in, as RFC 8058 demands. */
export async function leaveDigests(opening: Opening, { link }: { link: string }): Promise<ReaderLinkView> {
  const { who, until } = await opened(opening, link);
  const { db, now } = opening;
  const answer = { now, ...who, left: true };
  if (await hasLeft(opening, who)) return answer;
  const { channel, reader } = who;
  const actor: LinkHolder = {
    ...{ kind: "link", linkId: `link:${channel}:${reader}`, name: linkWords.holder(channel), opens: "digest.leave", zones: [] },
  };
  const change = async (tx: Db) => {
    if (!(await insertLeft(tx, who, until, now))) {
      if (await hasLeft({ db: tx }, who)) throw new LeftBefore();
      throw new Refusal("conflict", linkWords.ended(durationWords(Math.max(0, now - until))));
    }
    await deleteWaitingDigests(tx, who);
    return answer;
  };
  const target: Target = { kind: "channel", id: channel, zones: [] };
  return audited({ db, now, actor }, "digest.leave", target, change, { detail: { reader } }).catch((error) => {
    if (error instanceof LeftBefore) return answer;
    throw error;
  });
}

/** Somebody pressed at the same time: there is nothing left to do, and nothing to write down. */
class LeftBefore extends Error {}

/** Sends digests again to somebody who ended them. */
export async function rejoinDigests(ctx: Ctx, request: Reader & { key: string }): Promise<Reader> {
  const { channel, reader } = request;
  const { value } = await auditedOnce(ctx, "digest.rejoin", request, async () => ({
    target: { kind: "channel", id: channel, zones: [] },
    change: async (tx) => {
      if (!(await deleteLeft(tx, { channel, reader })))
        throw new Refusal("not_found", `Nobody of that address ended the digests of ${channel}.`);
      return { channel, reader };
    },
    entry: { detail: { reader } },
  }));
  return value;
}

async function opened(opening: Opening, link: string): Promise<{ who: Reader; until: Instant }> {
  const { about, until } = await signedBy(opening, "unsubscribe", "digest.leave", link);
  return { who: readerIn(about), until };
}

const hasLeft = async ({ db }: Pick<Opening, "db">, { channel, reader }: Reader): Promise<boolean> =>
  (await selectLeft(db)).some((one) => one.channel === channel && one.reader === reader);
