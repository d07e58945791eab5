import { actorId, type Ctx } from "../context";
import type { Db } from "../db/pool";
import { zoneFilter } from "../permissions";
import { errorTitle, letterRecords } from "../sources/abilities-words";
import { selectSources } from "../sources/read.sql";
import { withinTime } from "./bounded.sql";
import { countMaxOf } from "./count.rules";
import { selectGroupNames } from "./group-names.sql";
import { type Known, selectHits, selectKnown, selectKnownClosed } from "./known-letters.sql";
import {
  countLetters,
  countOfGroups,
  type Page,
  type StoredClosed,
  selectClosedLetters,
  selectLetters,
  selectMeant,
} from "./letters.sql";
import { refuseMasked } from "./masked-paths";
import type { StoredMessage } from "./messages.sql";
import { asksKeys, isOfGroups } from "./query.rules";
import { payloadsWhere } from "./query.sql";
import type { LetterFilter } from "./rules";
import { asMe } from "./triage/query.rules";
import type { LetterRow, LettersView } from "./views";

const PAGE = 50;

/** Letters in the actor's zones that match: the open ones, the latest parked first, or the closed ones, the latest closed first. */
export async function listLetters(ctx: Ctx, asked: LetterFilter): Promise<LettersView> {
  const filter = { ...asked, queries: asMe(asked.queries, actorId(ctx.actor)) };
  await refuseMasked(ctx, filter.queries);
  const { stored, counted: found } = await withinTime(ctx.db, async (tx) => {
    const { stored, count } = await pageOf(tx, ctx, filter, PAGE + 1);
    return { stored, counted: filter.after === null ? await count() : null };
  });
  const letters = await lettersOf(ctx, stored.slice(0, PAGE));
  const last = stored.length > PAGE ? stored[PAGE - 1]! : null;
  return {
    now: ctx.now,
    letters,
    lettersN: found?.lettersN ?? null,
    atLeast: found?.atLeast ?? false,
    after: last && `${last.place}-${last.id}`,
  };
}

type Counted = { lettersN: number; atLeast: boolean };

/** A page of what matches, and what counts all of it: exactly where its groups or an index do, else up to a bound. */
export async function pageOf(
  tx: Db,
  ctx: Ctx,
  filter: LetterFilter,
  most: number,
): Promise<{ stored: (StoredMessage | StoredClosed)[]; count: () => Promise<Counted> }> {
  const scope = zoneFilter(ctx.actor);
  const asked = { filter, now: ctx.now, most };
  const known = await knownOf(tx, { ...asked, scope });
  if (known !== null) return { stored: known.letters, count: async () => ({ lettersN: known.lettersN, atLeast: false }) };
  const meant = await selectMeant(tx, filter.queries, scope, ctx.now);
  const page = { ...asked, groupIds: meant?.map(({ groupId }) => groupId) ?? null };
  if (filter.side === "closed") return { stored: await selectClosedLetters(tx, page), count: () => countedUpTo(tx, page) };
  const stored = await selectLetters(tx, page);
  if (!isOfGroups(filter.queries)) return { stored, count: () => countedUpTo(tx, page) };
  const sumOf = async () => meant?.reduce((n, { openN }) => n + openN, 0) ?? (await countOfGroups(tx, filter.queries));
  return { stored, count: async () => ({ lettersN: await sumOf(), atLeast: false }) };
}

/** The page, where an index finds what matches and that is little. */
async function knownOf(
  tx: Db,
  page: Omit<Page, "groupIds"> & { scope: string[] | null },
): Promise<Known<StoredMessage | StoredClosed> | null> {
  const { queries, side } = page.filter;
  if (side === "closed") return asksKeys(queries) ? selectKnownClosed(tx, page) : null;
  const hits = await selectHits(tx, payloadsWhere(queries));
  return hits !== null || asksKeys(queries) ? selectKnown(tx, hits, page) : null;
}

/** How many match, up to a bound. */
async function countedUpTo(tx: Db, page: Page): Promise<Counted> {
  const n = await countLetters(tx, page);
  const most = countMaxOf(page.filter.queries);
  return { lettersN: Math.min(n, most), atLeast: n > most };
}

/** Letters as rows, with the names of their groups. */
export async function lettersOf(ctx: Ctx, stored: readonly (StoredMessage | StoredClosed)[]): Promise<LetterRow[]> {
  const [names, sources] = await Promise.all([
    selectGroupNames(ctx.db, [...new Set(stored.map(failedAs))]),
    selectSources(ctx.db),
  ]);
  return stored.map((one) => {
    const group = names.get(failedAs(one))!;
    const source = sources.find(({ sourceId }) => sourceId === one.sourceId);
    const open = "state" in one ? one : null;
    const records = source ? letterRecords(source) : null;
    return {
      id: String(one.id),
      businessKey: one.businessKey,
      version: one.version,
      messageId: one.messageId,
      occurredAt: one.occurredAt,
      parkedAt: one.parkedAt,
      attempts: records !== null && (!records.attempts || one.attempts === 0) ? null : one.attempts,
      consumerVersion: one.consumerVersion || null,
      operationId: textOf(open === null ? (one as StoredClosed).closedBy : open.operationId),
      flagged: open?.flagged ?? false,
      groupId: String(one.groupId),
      errorType: errorTitle(group.errorType, group.template, records),
      consumer: group.consumer,
      eventType: group.eventType,
      state: "closedAs" in one ? one.closedAs : one.state,
      closedAt: "closedAt" in one ? one.closedAt : null,
      code: "code" in one ? one.code : null,
    };
  });
}

/** The group whose name says how it failed: where people put it into another one, not that one. */
const failedAs = (one: StoredMessage | StoredClosed): number =>
  "homeId" in one && one.homeId !== null ? one.homeId : one.groupId;

const textOf = (id: number | null): string | null => (id === null ? null : String(id));
