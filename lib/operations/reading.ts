import { approvalOf } from "../approvals/ask";
import type { Ctx } from "../context";
import { linkOf } from "../contracts/links.rules";
import { takeWithinMs } from "../contracts/rules";
import { readContracts, readLinks } from "../contracts/service";
import { codeWords } from "../dead-letters/codes.rules";
import { canRead, zoneFilter } from "../permissions";
import { provenWords } from "../proofs/words";
import type { Instant } from "../time";
import { zoneTags } from "../verdicts/service";
import type { ZoneTag } from "../verdicts/views";
import { plain } from "../words";
import { selectKept } from "./closing.sql";
import { writtenWords } from "./closing-words";
import { selectPatch } from "./edit.sql";
import { readVisible } from "./known";
import { askedWords, lateWords, notTakenYetWords } from "./late-words";
import { gateOf } from "./plan.rules";
import { planWords } from "./plan-words";
import { countProofs, keyNameOf } from "./proof";
import {
  type StoredItem,
  type StoredOperation,
  selectAuditId,
  selectEvents,
  selectGrid,
  selectItems,
  selectLate,
  selectNotTaken,
  selectOffTrack,
  selectOperations,
  selectRunning,
} from "./read.sql";
import { type ItemState, outcomes } from "./rules";
import {
  type ItemRow,
  type ItemsView,
  itemLetter,
  type OperationCounts,
  type OperationRow,
  type OperationsView,
  type OperationView,
  type PlanView,
} from "./views";
import { activityOf, notTakenWords, operationSentence } from "./words";
import { readEffect } from "./zone-effect";

const PAGE = 50;
const GRID_MAX = 2_000;

/** A page of operations in the actor's zones, the newest first. */
export async function listOperations(
  ctx: Ctx,
  page: { after?: string | undefined; state?: string | undefined },
): Promise<OperationsView> {
  const after = page.after === undefined ? null : Number(page.after);
  const stored = await selectOperations(ctx.db, { after, state: page.state ?? null }, zoneFilter(ctx.actor), PAGE + 1);
  const operations = await rowsOf(ctx, stored.slice(0, PAGE));
  return { now: ctx.now, operations, after: stored.length > PAGE ? operations.at(-1)!.operationId : null };
}

/** One operation: progress, outcomes, what is off track, and the record. A permanent link. */
export async function readOperation(ctx: Ctx, { operationId }: { operationId: number }): Promise<OperationView> {
  const stored = await readVisible(ctx, operationId);
  const contracts = await readContracts(ctx.db);
  const agreedMs = takeWithinMs(contracts, stored.zones);
  const isOpenRetry = stored.endedAt === null && stored.kind === "retry";
  const running = await selectRunning(ctx.db, operationId);
  const seen = contracts.filter(({ zoneId }) => stored.zones.includes(zoneId) && canRead(ctx.actor, zoneId));
  const keyName = keyNameOf(seen);
  const [[operation], offTrack, grid, activity, auditId, approval, notTaken, late, templates, patch, kept, proof, effect] =
    await Promise.all([
      rowsOf(ctx, [stored]),
      selectOffTrack(ctx.db, operationId, zoneFilter(ctx.actor), 50),
      stored.itemsN <= GRID_MAX ? selectGrid(ctx.db, operationId, itemLetter) : null,
      selectEvents(ctx.db, operationId, 50),
      selectAuditId(ctx.db, operationId),
      approvalOf(ctx.db, "operation", operationId),
      isOpenRetry ? selectNotTaken(ctx.db, operationId, ctx.now - agreedMs) : null,
      isOpenRetry ? selectLate(ctx.db, operationId) : [],
      readLinks(ctx.db),
      selectPatch(ctx.db, operationId),
      stored.kind === "retry" ? [] : selectKept(ctx.db, operationId),
      stored.kind === "retry" && stored.state !== "awaiting" ? countProofs(ctx, stored) : null,
      readEffect(ctx, seen, { endedAt: stored.endedAt, begunAt: running.firstRanAt }),
    ]);
  return {
    now: ctx.now,
    operation: operation!,
    sentence: [
      ...operationSentence(
        operation!,
        running,
        ctx.now,
        proof === null ? "" : provenWords(proof, keyName, stored.endedAt !== null),
      ),
      ...notTakenWords(notTaken, stored, ctx.now),
      ...(late.length > 0 ? [plain(lateWords(late, agreedMs))] : []),
    ],
    keyName,
    proof,
    effect,
    consumers: stored.consumers,
    keysN: stored.keysN,
    grid,
    offTrack: offTrack.map((item) => itemOf(item, agreedMs)),
    record: {
      who: stored.requestedByName,
      when: stored.requestedAt,
      why: stored.reason,
      code: stored.code === null ? null : codeWords(stored.code),
      evidence: stored.evidence,
      written: writtenWords(stored.kind, kept),
      ticket: stored.ticket,
      ticketHref: linkOf(templates.ticket, { ticket: stored.ticket }),
      scope: stored.scope,
      auditEntry: auditId === null ? "" : String(auditId),
    },
    plan: planOf(stored),
    answeredPerSecond: stored.endedAt === null ? running.perSecond : null,
    activity: activityOf(stored, activity),
    approval,
    edits: patch !== null,
    canTakeBack: kept.some((one) => one.closedN > 0),
  };
}

/** A page of an operation's items, of one outcome if asked for. */
export async function listItems(
  ctx: Ctx,
  wanted: { operationId: number; outcome?: string | undefined; after?: number | undefined },
): Promise<ItemsView> {
  const { zones } = await readVisible(ctx, wanted.operationId);
  const agreedMs = takeWithinMs(await readContracts(ctx.db), zones);
  const stored = await selectItems(
    ctx.db,
    wanted.operationId,
    zoneFilter(ctx.actor),
    { outcome: wanted.outcome ?? null, after: wanted.after ?? null },
    PAGE + 1,
  );
  return {
    now: ctx.now,
    items: stored.slice(0, PAGE).map((item) => itemOf(item, agreedMs)),
    after: stored.length > PAGE ? String(stored[PAGE - 1]!.item) : null,
  };
}

async function rowsOf(ctx: Ctx, stored: readonly StoredOperation[]): Promise<OperationRow[]> {
  const zones = [...new Set(stored.flatMap((operation) => operation.zones))].filter((zone) => canRead(ctx.actor, zone));
  const tags = await zoneTags(ctx.db, zones, ctx.now);
  return stored.map((operation) => rowOf(operation, tags, ctx.now));
}

function rowOf(stored: StoredOperation, tags: readonly ZoneTag[], now: Instant): OperationRow {
  return {
    operationId: String(stored.operationId),
    kind: stored.kind,
    state: stored.state,
    title: stored.title,
    reason: stored.reason,
    ticket: stored.ticket,
    requestedBy: stored.requestedByName,
    requestedAt: stored.requestedAt,
    endedAt: stored.endedAt,
    counts: countsOf(stored),
    gate: gateOf(stored, now),
    stopReason: stored.state === "paused" ? stored.stopReason : null,
    zones: tags.filter((tag) => stored.zones.includes(tag.zoneId)),
  };
}

function planOf(stored: StoredOperation): PlanView {
  const { perSecond, inFlightMax, stopPercent, canaryN, canaryThen, watchMs, canaryEndedAt, canaryPassedAt } = stored;
  const { judgedN, failedN, opensAt, undoUntil, retryOf } = stored;
  return {
    ...{ perSecond, inFlightMax, stopPercent, canaryN, canaryThen, watchMs, canaryEndedAt, canaryPassedAt },
    ...{ judgedN, failedN, opensAt, undoUntil },
    words: planWords(stored),
    inFlightN: stored.endedAt === null && stored.state !== "cancelled" ? stored.releasedN - endedNOf(stored) : 0,
    retryOf: retryOf === null ? null : String(retryOf),
  };
}

function countsOf(stored: StoredOperation): OperationCounts {
  const ended = Object.fromEntries(outcomes.map((outcome) => [outcome, stored.ended[outcome] ?? 0])) as Record<
    (typeof outcomes)[number],
    number
  >;
  const endedN = endedNOf(stored);
  const uncertain = Math.min(stored.uncertainN, stored.itemsN - endedN);
  return { ...ended, uncertain, waiting: stored.itemsN - endedN - uncertain, total: stored.itemsN };
}

const endedNOf = (stored: StoredOperation): number => Object.values(stored.ended).reduce((a, b) => a + b, 0);

function itemOf(stored: StoredItem, agreedMs: number): ItemRow {
  const state: ItemState = (stored.outcome as ItemState | null) ?? (stored.uncertain ? "uncertain" : "waiting");
  return {
    item: stored.item,
    businessKey: stored.businessKey,
    messageId: stored.messageId,
    consumer: stored.consumer,
    state,
    detail: stored.detail ?? openWords(stored, agreedMs),
    failedInto: stored.failedInto === null ? null : String(stored.failedInto),
    sentAt: stored.sentAt,
    finishedAt: stored.finishedAt,
  };
}

/** What is known of an item without an outcome, beyond where it stands. */
function openWords({ outcome, uncertain, away, ...of }: StoredItem, agreedMs: number): string | null {
  const { service, preset, calls, callAnswer: answer, callWords: words, callSeen: seen, callAgain: again } = of;
  if (outcome !== null || service === null || preset === null || preset === "native") return null;
  if (answer !== null)
    return askedWords({ service, answer, words: words ?? "", calls: calls ?? 0, seen: seen ?? false, again: again ?? false });
  return uncertain && !away ? notTakenYetWords({ service, preset }, agreedMs) : null;
}
