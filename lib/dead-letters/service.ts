import { actorId, type Ctx } from "../context";
import { othersObliged, retryAbove } from "../contracts/acts.rules";
import { readContracts, readLinks } from "../contracts/service";
import type { Db } from "../db/pool";
import { parseJson } from "../json";
import { nameOrShape } from "../masking";
import { canRead, zoneFilter } from "../permissions";
import { Refusal } from "../refusal";
import { selectSources } from "../sources/read.sql";
import { settles } from "../sources/settles.rules";
import { selectDeploys } from "../sources/sql";
import { days, hours, type Instant } from "../time";
import { strong } from "../words";
import { attemptsOf, leftOutOf } from "./attempts.rules";
import { withinTime } from "./bounded.sql";
import { codeWords } from "./codes.rules";
import { FINGERPRINT_VERSION } from "./fingerprint.rules";
import { originOf, originWords } from "./group-origin";
import { minuteSeries, rowsOf, visibleGroup } from "./group-rows";
import { countMuted } from "./groups.sql";
import type { GroupFilter, MessagesPage } from "./input";
import { keepMsOf } from "./kept.rules";
import { commitLink, groupLinks, messageLinks } from "./links";
import { maskOf, shownValue } from "./masked-letter.rules";
import { refuseMasked } from "./masked-paths";
import { matchedGroups } from "./matched-groups";
import { type StoredMessage, selectClosed, selectMessage, selectMessages } from "./messages.sql";
import { isOfGroups } from "./query.rules";
import { reachOf } from "./reach";
import { readRegrouped } from "./regrouping/reading";
import type { Facets } from "./rules";
import { countOpenGroups, deleteOldArrivals, selectArrivals, selectFacets, selectGroup, selectOperationsOn } from "./sql";
import { framesOf } from "./stack.rules";
import { selectLiveMarks } from "./triage/follow.sql";
import { asMe } from "./triage/query.rules";
import { readTriage } from "./triage/reading";
import type { ClosedDetail, GroupsView, GroupView, MessageRow, MessagesView, MessageView } from "./views";
import { closedSentence, finalWords, groupsSentence, nextHint } from "./words";

const PAGE = 50;

/** Groups in the actor's zones that match, the largest first, with their last hour. */
export async function listGroups(ctx: Ctx, asked: GroupFilter): Promise<GroupsView> {
  const scope = zoneFilter(ctx.actor);
  const filter = { ...asked, queries: asMe(asked.queries, actorId(ctx.actor)) };
  await refuseMasked(ctx, filter.queries);
  const { groups, groupsN, messagesN, atLeast } = await withinTime(ctx.db, (tx) =>
    matchedGroups(tx, filter, scope, ctx.now, PAGE + 1),
  );
  const isFiltered = groupsN === 0 && (await countOpenGroups(ctx.db, scope)) > 0;
  const [page, mutedN] = await Promise.all([
    rowsOf(ctx, groups.slice(0, PAGE)),
    isOfGroups(filter.queries) ? countMuted(ctx.db, filter, scope, ctx.now) : null,
  ]);
  const last = groups.length > PAGE ? groups[PAGE - 1]! : null;
  return {
    now: ctx.now,
    sentence: isFiltered ? [strong("Nothing that is parked matches.")] : groupsSentence(groupsN, messagesN, page, atLeast),
    groups: page,
    groupsN,
    messagesN,
    atLeast,
    mutedN,
    after: last && `${last.openN}-${last.groupId}`,
  };
}

/** What the open groups in the actor's zones offer to filter by. */
export async function readFacets(ctx: Ctx): Promise<Facets> {
  const facets = await selectFacets(ctx.db, zoneFilter(ctx.actor));
  return { ...facets, zone: facets.zone.filter(({ value }) => canRead(ctx.actor, value)) };
}

/** One group with what an operator needs before a retry. */
export async function readGroup(ctx: Ctx, { groupId }: { groupId: number }): Promise<GroupView> {
  const stored = await visibleGroup(ctx, groupId);
  const from = ctx.now - hours(1);
  const [[group], contracts, arrivals, deploys, operations, triage, templates, versions, placed] = await Promise.all([
    rowsOf(ctx, [stored]),
    readContracts(ctx.db),
    selectArrivals(ctx.db, [groupId], 60, from),
    selectDeploys(ctx.db, from, ctx.now, [stored.sourceId]),
    selectOperationsOn(ctx.db, { groupId }, 10),
    readTriage(ctx, stored),
    readLinks(ctx.db),
    selectLiveMarks(ctx.db, stored.sourceId, stored.consumer, 100),
    readRegrouped(ctx.db, groupId),
  ]);
  const own = contracts.filter((contract) => stored.zones.includes(contract.zoneId));
  const origin = await originOf(ctx.db, stored, own, deploys);
  return {
    now: ctx.now,
    group: group!,
    sampleId: stored.sampleId === null ? null : String(stored.sampleId),
    frame: stored.frame,
    fingerprint: stored.fingerprint,
    formedBefore: stored.fingerprintVersion !== FINGERPRINT_VERSION,
    attemptsMax: stored.attemptsMax,
    closedN: stored.totalN - stored.openN,
    retryAbove: retryAbove(own, stored.zones),
    act: stored.act,
    othersObliged: othersObliged(own, [stored.eventType]).filter((consumer) => consumer !== stored.consumer),
    arrivals: minuteSeries(arrivals, ctx.now),
    marks: [
      ...deploys
        .filter((deploy) => deploy.consumer === stored.consumer)
        .map((deploy) => {
          const href = commitLink(templates, deploy, versions);
          return { at: deploy.at, kind: deploy.kind, label: deploy.version, ...(href !== null && { href }) };
        }),
      ...(origin?.deploy && origin.deploy.at >= from
        ? [{ at: origin.deploy.at, kind: "deploy" as const, label: `${origin.service} ${origin.deploy.version}` }]
        : []),
      ...operations
        .filter((operation) => operation.at >= from)
        .map((operation) => ({
          at: operation.at,
          kind: "operator" as const,
          label: `OP-${operation.operationId}`,
          href: `/operations/${operation.operationId}`,
        })),
    ],
    operations: operations.map(({ operationId, title, state, at }) => ({ operationId: String(operationId), title, state, at })),
    triage,
    placed,
    reach: await reachOf(ctx, stored, own),
    links: groupLinks(templates, stored, group!.triage.ticket),
    nextHint: nextHint(group!, ctx.now),
    origin: origin ? originWords(origin, stored, ctx.now) : [],
  };
}

/** A page of a group's messages, the newest first. */
export async function listMessages(ctx: Ctx, page: MessagesPage): Promise<MessagesView> {
  await visibleGroup(ctx, page.groupId);
  const stored = await selectMessages(ctx.db, page, PAGE + 1);
  const last = stored.length > PAGE ? stored[PAGE - 1]! : null;
  return { now: ctx.now, messages: stored.slice(0, PAGE).map(messageOf), after: last && `${last.place}-${last.id}` };
}

/** One message whole: payload, headers, stack and attempts, masked as its zones' contracts say. */
export async function readMessage(ctx: Ctx, { id }: { id: number }): Promise<MessageView> {
  const stored = await selectMessage(ctx.db, id);
  if (!stored) throw await goneWords(ctx, id);
  const group = await visibleGroup(ctx, stored.groupId);
  const [[row], home, contracts, operations, templates] = await Promise.all([
    rowsOf(ctx, [group]),
    stored.homeId === null ? group : selectGroup(ctx.db, stored.homeId),
    readContracts(ctx.db),
    selectOperationsOn(ctx.db, { deadLetter: id }, 20),
    readLinks(ctx.db),
  ]);
  const own = contracts.filter((contract) => group.zones.includes(contract.zoneId));
  const masked = own.flatMap((contract) => contract.masking);
  const removedAt = stored.payloadRemovedAt;
  const { paths, mask } = maskOf(stored, masked);
  const shown = (text: string | null) =>
    text === null || paths.length === 0 ? text : stored.payload === null ? nameOrShape(text) : mask.text(text);
  const ids = { message: messageOf(stored), correlationId: shown(stored.correlationId), traceparent: shown(stored.traceparent) };
  return {
    now: ctx.now,
    ...ids,
    links: messageLinks(templates, group, ids),
    group: row!,
    eventType: group.eventType,
    schemaVersion: stored.schemaVersion,
    aggregateType: shown(stored.aggregateType),
    causationId: shown(stored.causationId),
    payload: shownValue(mask.payload, paths.length > 0),
    headers: shownValue(mask.headers(stored.headers === null ? null : parseJson(stored.headers)), paths.length > 0),
    maskedN: paths.length,
    payloadBytes: stored.payloadBytes,
    payloadRemoved: removedAt === null ? null : { at: removedAt, keepMs: keepMsOf(own) },
    errorType: row!.records && home!.errorType === "" ? row!.errorType : shown(home!.errorType)!,
    errorMessage: mask.text(stored.errorMessage),
    stack: framesOf(stored.errorStack).map(mask.text),
    attempts: attemptsOf(stored.attemptLog).map((attempt) => ({
      ...attempt,
      errorType: attempt.errorType === null ? null : mask.text(attempt.errorType),
      errorMessage: attempt.errorMessage === null ? null : mask.text(attempt.errorMessage),
    })),
    attemptsLeftOut: leftOutOf(stored.attemptLog),
    firstFailedAt: stored.firstFailedAt,
    expiresAt: stored.expiresAt,
    sourceDeadLetterId: stored.sourceDeadLetterId,
    history: operations.map((operation) => ({
      at: operation.at,
      text: `${operation.title} by ${operation.by}${operation.outcome ? `: ${operation.outcome.replace("_", " ")}` : ""}`,
      href: `/operations/${operation.operationId}`,
    })),
  };
}

async function goneWords(ctx: Ctx, id: number): Promise<Refusal> {
  const closed = await selectClosed(ctx.db, id);
  if (!closed) return new Refusal("not_found", "There is no such message, or it is not in your zones.");
  const { zones } = await visibleGroup(ctx, closed.groupId);
  const source = (await selectSources(ctx.db)).find(({ sourceId }) => sourceId === closed.sourceId);
  const { operationId, code, ...told } = closed;
  const detail: ClosedDetail = {
    ...told,
    now: ctx.now,
    groupId: String(closed.groupId),
    operationId: operationId === null ? null : String(operationId),
    code: code === null ? null : codeWords(code),
    zones: zones.filter((zone) => canRead(ctx.actor, zone)),
    final: finalWords(closed, source !== undefined && settles(source)),
  };
  return new Refusal("not_found", closedSentence(closed), detail);
}

function messageOf(stored: StoredMessage): MessageRow {
  return {
    id: String(stored.id),
    businessKey: stored.businessKey,
    version: stored.version,
    messageId: stored.messageId,
    occurredAt: stored.occurredAt,
    parkedAt: stored.parkedAt,
    attempts: stored.attempts,
    consumerVersion: stored.consumerVersion || null,
    state: stored.state,
    operationId: stored.operationId === null ? null : String(stored.operationId),
    flagged: stored.flagged,
  };
}

/** Forgets how much was parked: by the minute after three hours, by the hour after ninety days. */
export const forgetArrivals = (db: Db, now: Instant): Promise<number> => deleteOldArrivals(db, now - hours(3), now - days(90));
