import { conditionKey } from "../alerts/condition.rules";
import { watchedConditions } from "../alerts/watched";
import { conditionWords } from "../alerts/words";
import type { Message } from "../channels/message.rules";
import type { Digest } from "../channels/rules";
import { selectChannels, selectRoutes } from "../channels/sql";
import type { Contract } from "../contracts/rules";
import { readContracts } from "../contracts/service";
import type { Db } from "../db/pool";
import { promisedOf, readFigures } from "../objectives/figures";
import type { Instant } from "../time";
import { digestSubject, dueDigest } from "./digest.rules";
import { type Broke, countRetried, isAsked, selectBroke, selectOldestCase } from "./digest.sql";
import { digestWords } from "./digest-words";
import { selectLeft } from "./links.sql";
import { insertNotifications } from "./routing.sql";
import type { Sender } from "./trouble";

/** Puts the digests that are due into the outbox, each once for its owner and day. */
export async function askDigests(sender: Sender, now: Instant = Date.now()): Promise<void> {
  const { digests } = await selectRoutes(sender.db);
  for (const digest of digests) {
    const due = dueDigest(digest, now);
    if (due === null) continue;
    const subject = digestSubject(digest, due.date);
    const copies = await copiesOf(sender.db, digest, subject);
    const subjects = copies.map((copy) => copy.subject);
    if (copies.length === 0 || (await isAsked(sender.db, subjects))) continue;
    const content = await digestOf(sender, digest, { subject, from: due.from, now });
    const message = { n: 1, alertId: null, zoneId: null, kind: "digest" as const, urgent: false };
    await insertNotifications(
      sender.db,
      copies.map(({ channel, reader, ...own }) => ({
        ...{ ...message, ...own, channel },
        content: reader === null ? content : { ...content, ...own, reader },
      })),
      now,
    );
  }
}

type Copy = { channel: string; reader: string | null; subject: string };

/** The copies of a digest: one for each channel, and by e-mail one for each reader, who ends their own and nobody else's. */
async function copiesOf(db: Db, digest: Digest, subject: string): Promise<Copy[]> {
  const [channels, left] = await Promise.all([selectChannels(db), selectLeft(db)]);
  return digest.to.flatMap((channel): Copy[] => {
    const settings = channels.find(({ name }) => name === channel)?.settings;
    if (settings?.kind !== "email") return [{ channel, reader: null, subject }];
    const readers = settings.target
      .split(", ")
      .filter((reader) => !left.some((one) => one.channel === channel && one.reader === reader));
    return readers.map((reader) => ({ channel, reader, subject: `${subject} ${reader}` }));
  });
}

type Span = { subject: string; from: Instant; now: Instant };

async function digestOf({ db, environment, baseUrl }: Sender, digest: Digest, { subject, from, now }: Span): Promise<Message> {
  const contracts = (await readContracts(db)).filter(
    ({ accountability }) => digest.owner === null || accountability.owner === digest.owner,
  );
  const zoneIds = contracts.map(({ zoneId }) => zoneId);
  const [broke, retried, oldest, budgets] = await Promise.all([
    selectBroke(db, zoneIds, from, now),
    countRetried(db, zoneIds, from, now),
    selectOldestCase(db, zoneIds),
    budgetsOf(db, contracts, now),
  ]);
  const raisedN = broke.reduce((sum, { n }) => sum + n, 0);
  return {
    ...{ kind: "digest", subject, environment, at: now, urgent: false, over: false, alert: null, runbook: null },
    title: digestWords.title(digest),
    sentence: digestWords.sentence(digest, zoneIds.length, raisedN),
    link: baseUrl === null ? null : new URL("/alerts", baseUrl).href,
    sections: [
      { title: "What broke", lines: digestWords.broke(broke.map((one) => ({ ...one, ...named(contracts, one) }))) },
      { title: "What was retried", lines: [digestWords.retried(retried)] },
      { title: "Cases", lines: [digestWords.oldest(oldest, now)] },
      ...(budgets.length === 0 ? [] : [{ title: "Error budget left", lines: budgets.map(digestWords.budget) }]),
    ],
  };
}

function named(contracts: readonly Contract[], { zoneId, condition }: Broke): { zone: string; words: string } {
  const contract = contracts.find((one) => one.zoneId === zoneId)!;
  const watched = watchedConditions(contract).find((one) => conditionKey(one.condition) === condition)?.condition;
  return { zone: contract.title, words: watched ? conditionWords(watched, contract.expectation.windowMs) : condition };
}

/** What is left of each promise that has a budget; where nothing was judged that is unknown, and said so. */
async function budgetsOf(db: Db, contracts: readonly Contract[], now: Instant): Promise<{ zone: string; left: number | null }[]> {
  const promising = contracts.filter(({ expectation }) => expectation.slo !== null);
  if (promising.length === 0) return [];
  const figures = await readFigures(db, promising, now);
  return promising.map(({ zoneId, title }) => ({ zone: title, left: promisedOf(figures.get(zoneId)!).left }));
}
