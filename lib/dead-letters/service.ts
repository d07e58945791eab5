import type { Ctx } from "../context";
import type { Contract } from "../contracts/rules";
import { readContracts } from "../contracts/service";
import type { Db } from "../db/pool";
import { maskerOf, withinDepth } from "../masking";
import { INSTANT_MAX } from "../parsing";
import { canRead, zoneFilter } from "../permissions";
import { Refusal } from "../refusal";
import { selectDeploys } from "../sources/sql";
import { days, hours, type Instant, minutes } from "../time";
import { zoneTags } from "../verdicts/service";
import { counted, type Part, plain, strong } from "../words";
import { framesOf } from "./fingerprint";
import type { GroupFilter, MessagesPage } from "./input";
import { growthPerMinute } from "./rules";
import {
  deleteOldArrivals,
  type StoredGroup,
  type StoredMessage,
  selectArrivals,
  selectBusy,
  selectClosed,
  selectFacets,
  selectGroup,
  selectGroups,
  selectMessage,
  selectMessages,
  selectOperationsOn,
} from "./sql";
import type { Attempt, GroupRow, GroupsView, GroupView, MessageRow, MessagesView, MessageView, ZoneTag } from "./views";

const PAGE = 50;

/** Groups in the actor's zones that match, the largest first, with their last hour. */
export async function listGroups(ctx: Ctx, filter: GroupFilter): Promise<GroupsView> {
  const sight = zoneFilter(ctx.actor);
  const [{ groups, groupsN, messagesN }, facets] = await Promise.all([
    selectGroups(ctx.db, filter, sight, ctx.now, PAGE + 1),
    selectFacets(ctx.db, sight),
  ]);
  const page = await rowsOf(ctx, groups.slice(0, PAGE));
  const last = groups.length > PAGE ? groups[PAGE - 1]! : null;
  return {
    now: ctx.now,
    sentence:
      groupsN === 0 && facets.consumer.length > 0
        ? [strong("Nothing that is parked matches.")]
        : groupsSentence(groupsN, messagesN, page),
    groups: page,
    groupsN,
    messagesN,
    after: last && `${last.openN}-${last.groupId}`,
    facets: { ...facets, zone: facets.zone.filter((zone) => canRead(ctx.actor, zone)) },
  };
}

/** One group with what an operator needs before a retry. */
export async function readGroup(ctx: Ctx, { groupId }: { groupId: number }): Promise<GroupView> {
  const stored = await visibleGroup(ctx, groupId);
  const from = ctx.now - hours(1);
  const [[group], contracts, arrivals, deploys, operations] = await Promise.all([
    rowsOf(ctx, [stored]),
    readContracts(ctx.db),
    selectArrivals(ctx.db, [groupId], 60, from),
    selectDeploys(ctx.db, from, ctx.now, [stored.sourceId]),
    selectOperationsOn(ctx.db, { groupId }, 10),
  ]);
  const own = contracts.filter((contract) => stored.zones.includes(contract.zoneId));
  return {
    now: ctx.now,
    group: group!,
    sampleId: stored.sampleId === null ? null : String(stored.sampleId),
    frame: stored.frame,
    fingerprint: stored.fingerprint,
    attemptsMax: stored.attemptsMax,
    closedN: stored.totalN - stored.openN,
    retryAbove: own.length === 0 ? null : Math.min(...own.map((contract) => contract.recovery.approvals.retryAbove)),
    act: stored.act,
    othersObliged: othersObliged(own, stored),
    arrivals: minuteSeries(arrivals, ctx.now),
    marks: [
      ...deploys
        .filter((deploy) => deploy.consumer === stored.consumer)
        .map((deploy) => ({ at: deploy.at, kind: deploy.kind, label: deploy.version })),
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
    nextHint: nextHint(group!),
  };
}

/** A page of a group's messages, the newest first. */
export async function listMessages(ctx: Ctx, page: MessagesPage): Promise<MessagesView> {
  await visibleGroup(ctx, page.groupId);
  const stored = await selectMessages(ctx.db, page, PAGE + 1);
  const last = stored.length > PAGE ? stored[PAGE - 1]! : null;
  return { now: ctx.now, messages: stored.slice(0, PAGE).map(messageOf), after: last && `${last.parkedAt}-${last.id}` };
}

/** One message whole: payload, headers, stack and attempts, masked as its zones' contracts say. */
export async function readMessage(ctx: Ctx, { id }: { id: number }): Promise<MessageView> {
  const stored = await selectMessage(ctx.db, id);
  if (!stored) throw await goneWords(ctx, id);
  const group = await visibleGroup(ctx, stored.groupId);
  const [[row], contracts, operations] = await Promise.all([
    rowsOf(ctx, [group]),
    readContracts(ctx.db),
    selectOperationsOn(ctx.db, { deadLetter: id }, 20),
  ]);
  const paths = contracts.filter((contract) => group.zones.includes(contract.zoneId)).flatMap((contract) => contract.masking);
  // JSON's own null holds no secret; any longer payload that is missing was too large to keep.
  const mask = maskerOf(stored.payload === null && stored.payloadBytes <= 4 ? "null" : stored.payload, paths);
  return {
    now: ctx.now,
    message: messageOf(stored),
    group: row!,
    eventType: group.eventType,
    schemaVersion: stored.schemaVersion,
    aggregateType: stored.aggregateType,
    correlationId: stored.correlationId,
    causationId: stored.causationId,
    traceparent: stored.traceparent,
    payload: withinDepth(mask.payload),
    headers: withinDepth(mask.deep(stored.headers)),
    payloadBytes: stored.payloadBytes,
    errorType: group.errorType,
    errorMessage: mask.text(stored.errorMessage),
    stack: framesOf(stored.errorStack).map(mask.text),
    attempts: attemptsOf(stored.attemptLog).map((attempt) => ({
      ...attempt,
      errorType: attempt.errorType === null ? null : mask.text(attempt.errorType),
      errorMessage: attempt.errorMessage === null ? null : mask.text(attempt.errorMessage),
    })),
    firstFailedAt: stored.firstFailedAt,
    sourceDeadLetterId: stored.sourceSeq,
    history: operations.map((operation) => ({
      at: operation.at,
      text: `${operation.title} by ${operation.by}${operation.outcome ? `: ${operation.outcome.replace("_", " ")}` : ""}`,
      href: `/operations/${operation.operationId}`,
    })),
  };
}

async function visibleGroup(ctx: Ctx, groupId: number) {
  const stored = await selectGroup(ctx.db, groupId);
  const seen =
    stored && (stored.zones.length === 0 ? canRead(ctx.actor, null) : stored.zones.some((zone) => canRead(ctx.actor, zone)));
  if (!seen) throw new Refusal("not_found", "There is no such group, or it is not in your zones.");
  return stored;
}

const closedWords: Record<string, string> = {
  gone: "it was removed from its source",
  "parked again": "it failed again and was parked anew",
};

async function goneWords(ctx: Ctx, id: number): Promise<Refusal> {
  const closed = await selectClosed(ctx.db, id);
  if (!closed) return new Refusal("not_found", "There is no such message, or it is not in your zones.");
  await visibleGroup(ctx, closed.groupId);
  return new Refusal(
    "not_found",
    `This message of ${closed.businessKey} is not parked any more: ${closedWords[closed.closedAs] ?? `it was ${closed.closedAs}`}.`,
    {
      closedAt: closed.closedAt,
      closedAs: closed.closedAs,
      groupId: String(closed.groupId),
    },
  );
}

async function rowsOf(ctx: Ctx, stored: readonly StoredGroup[]): Promise<GroupRow[]> {
  const ids = stored.map((group) => group.groupId);
  const [arrivals, busy, tags] = await Promise.all([
    selectArrivals(ctx.db, ids, 60, ctx.now - hours(1)),
    selectBusy(ctx.db, ids),
    zoneTags(
      ctx.db,
      [...new Set(stored.flatMap((group) => group.zones))].filter((zone) => canRead(ctx.actor, zone)),
      ctx.now,
    ),
  ]);
  return stored.map((group) => {
    const series = minuteSeries(
      arrivals.filter((arrival) => arrival.groupId === group.groupId),
      ctx.now,
    );
    return {
      groupId: String(group.groupId),
      sourceId: group.sourceId,
      consumer: group.consumer,
      eventType: group.eventType,
      errorType: group.errorType,
      template: group.template,
      versions: Object.entries(group.versions)
        .map(([version, openN]) => ({ version, openN }))
        .sort((a, b) => b.openN - a.openN),
      zones: group.zones.flatMap((zone) => tags.filter((tag) => tag.zoneId === zone)) satisfies ZoneTag[],
      openN: group.openN,
      busyN: busy.get(group.groupId) ?? 0,
      arrivals: series.map(({ n }) => n),
      growingPerMinute: growthPerMinute(series, group, ctx.now),
      firstAt: group.firstAt,
      lastAt: group.lastAt,
      oldestOccurredAt: null,
    };
  });
}

function minuteSeries(arrivals: readonly { bucket: Instant; n: number }[], now: Instant): { at: Instant; n: number }[] {
  const last = Math.floor(now / minutes(1)) * minutes(1);
  const byBucket = new Map(arrivals.map(({ bucket, n }) => [bucket, n]));
  return Array.from({ length: 60 }, (_, i) => {
    const at = last - (59 - i) * minutes(1);
    return { at, n: byBucket.get(at) ?? 0 };
  });
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

/** The attempt log as far as it can be read: services write it, and a line that is none is left out. */
export function attemptsOf(log: unknown): Attempt[] {
  if (!Array.isArray(log)) return [];
  return log.slice(0, 100).flatMap((entry: unknown) => {
    if (entry === null || typeof entry !== "object") return [];
    const { at, error_type, error_message, duration_ms } = entry as Record<string, unknown>;
    const instant = typeof at === "string" ? Date.parse(at) : typeof at === "number" ? at : Number.NaN;
    const text = (value: unknown) => (typeof value === "string" ? value.slice(0, 2_000) : null);
    return [
      {
        at: Math.abs(instant) <= INSTANT_MAX ? instant : null,
        errorType: text(error_type),
        errorMessage: text(error_message),
        durationMs: typeof duration_ms === "number" && duration_ms >= 0 ? Math.min(duration_ms, INSTANT_MAX) : null,
      },
    ];
  });
}

function othersObliged(contracts: readonly Contract[], group: StoredGroup): string[] {
  const events = contracts
    .flatMap((contract) => contract.semantics.events)
    .filter((event) => event.eventType === group.eventType);
  return [...new Set(events.flatMap((event) => event.to))].filter((consumer) => consumer !== group.consumer).sort();
}

/** How the list opens: how much is parked, and what still grows. */
export function groupsSentence(
  groupsN: number,
  messagesN: number,
  page: readonly Pick<GroupRow, "growingPerMinute" | "busyN">[],
): Part[] {
  if (groupsN === 0) return [strong("Nothing is parked.")];
  const growing = page.filter((group) => group.growingPerMinute > 0).length;
  const busy = page.reduce((n, group) => n + group.busyN, 0);
  const lead = strong(
    `${counted(groupsN, "group")} ${groupsN === 1 ? "holds" : "hold"} ${counted(messagesN, "parked message")}.`,
  );
  const rest = [
    growing > 0 ? `${growing === 1 ? "One still grows" : `${growing} still grow`}.` : "",
    // Of groups that are on another page nothing is said.
    growing === 0 && page.length === groupsN ? `${groupsN === 1 ? "It does not grow" : "None grows"} any more.` : "",
    busy > 0 ? `${counted(busy, "message")} ${busy === 1 ? "is" : "are"} being retried.` : "",
  ]
    .filter(Boolean)
    .join(" ");
  return [lead, ...(rest ? [plain(` ${rest}`)] : [])];
}

function nextHint(group: GroupRow): Part[] {
  if (group.openN === 0) return [strong("Nothing of this group is parked any more.")];
  if (group.growingPerMinute > 0)
    return [
      strong("Do not retry yet."),
      plain(
        ` ${group.consumer} parks ${group.growingPerMinute.toLocaleString("en-US")} a minute; a retry now would likely park them again.`,
      ),
    ];
  return [strong("No failure for 30 s."), plain(" If the cause is fixed, retry one message first, then the group.")];
}

/** Forgets how much was parked: by the minute after three hours, by the hour after ninety days. */
export const forgetArrivals = (db: Db, now: Instant): Promise<number> => deleteOldArrivals(db, now - hours(3), now - days(90));
