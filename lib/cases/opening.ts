import type { Contract } from "../contracts/rules";
import { readContracts } from "../contracts/service";
import type { Db } from "../db/pool";
import { selectSources } from "../sources/read.sql";
import type { Instant } from "../time";
import { plain } from "../words";
import { caseLimits, runbookFor, type StandingCause } from "./rules";
import { sidesOf } from "./sides";
import {
  insertCase,
  insertCaseEvent,
  lockCase,
  markCause,
  markReopened,
  markResolved,
  markSnoozed,
  type NewEvent,
  selectAwake,
  selectLatest,
  selectTitles,
} from "./sql";
import { followedKinds, selectGone, selectIsBehind, selectStanding, selectUnrepaired } from "./standing.sql";
import { apartWords, titleOf } from "./title-words";
import { eventWords, sinceWords } from "./words";

const accord = { id: null, name: "Accord" };

/**
 * Opens a case for every cause that has outlived its window, follows the causes of those that are there, and wakes what was snoozed.
 * Two workers at once, or one that died on the way, do the same again and change nothing twice.
 */
export async function followCases(db: Db, now: Instant = Date.now()): Promise<void> {
  const contracts = await readContracts(db);
  const byZone = new Map(contracts.map((contract) => [contract.zoneId, contract]));
  const windows = contracts.map(({ zoneId, expectation }) => ({ zoneId, windowMs: expectation.windowMs }));
  const most = caseLimits.openedAtOnce;
  for (const { caseId } of await selectGone(db, now, most)) await causeGone(db, caseId, now);
  for (const { caseId } of await selectUnrepaired(db, windows, now, most)) await unrepaired(db, caseId, byZone, now);
  for (const { caseId } of await selectAwake(db, now, most)) await wake(db, caseId, now);
  const sources = await selectSources(db);
  for (const kind of followedKinds)
    for (const cause of await selectStanding(db, kind, windows, now, most))
      await db.transaction(async (tx) => {
        const contract = byZone.get(cause.zoneId)!;
        await openOrReturn(tx, await asLag(tx, cause, contract), contract, sources, now);
      });
}

type Place = { sourceId: string; service: string; consumers: readonly string[] };

const event = (kind: NewEvent["kind"], at: Instant, text: NewEvent["text"]): NewEvent => ({
  kind,
  by: accord,
  at,
  text,
});

/** What nearly all differs because the projection's consumer is behind is a lag, and told as one. */
async function asLag(tx: Db, cause: StandingCause, contract: Contract): Promise<StandingCause> {
  if (cause.facts.kind !== "mass") return cause;
  const { rule } = cause.facts;
  const behind = contract.recovery.reconciliation.find((one) => one.rule === rule)?.projection.sourceId;
  if (behind === undefined || !(await selectIsBehind(tx, cause.zoneId, behind))) return cause;
  return { ...cause, causePart: "lag", facts: { kind: "lag", rule, explainedBy: "lag", behind } };
}

async function openOrReturn(
  tx: Db,
  cause: StandingCause,
  contract: Contract,
  sources: readonly Place[],
  now: Instant,
): Promise<void> {
  const { zoneId, causeRef, causePart, facts, businessKey } = cause;
  const named = { zoneId, causeKind: facts.kind, causeRef, causePart };
  const dueAt = now + contract.recovery.cases.dueMs;
  const latest = await selectLatest(tx, named);
  if (latest && (latest.resolvedAt === null || latest.resolvedAt > now - caseLimits.sameCaseMs)) {
    await lockCase(tx, latest.caseId);
    const returned = await markCause(tx, latest.caseId, null);
    // Beside what was resolved something of the same kind began to differ: that is not the same case.
    const another = facts.kind === "divergence" && latest.resolvedAt !== null;
    if (!returned && !another) return;
    if (returned && (await markReopened(tx, latest.caseId, dueAt)))
      return insertCaseEvent(tx, latest.caseId, event("reopened", now, eventWords.reopened("the cause has returned")));
    if (returned) return insertCaseEvent(tx, latest.caseId, event("returned", now, eventWords.returned()));
  }
  const sourcesOf = (consumers: readonly string[]) =>
    sources.filter((source) => source.consumers.some((one) => consumers.includes(one))).map(({ sourceId }) => sourceId);
  const caseId = await insertCase(tx, {
    ...named,
    businessKey,
    title: await titleFor(tx, cause, contract, sources),
    facts,
    openedAt: now,
    openedBy: null,
    openedByName: accord.name,
    dueAt,
    runbook: runbookFor(contract, facts, sourcesOf),
  });
  const why = facts.kind === "saga" || facts.kind === "mass" ? "" : sinceWords(cause.since, contract.expectation.windowMs, now);
  if (caseId !== null) await insertCaseEvent(tx, caseId, event("opened", now, eventWords.opened(why)));
}

/** The title of a new case; where another open one of its zone has the same, with what tells the two apart. */
async function titleFor(
  tx: Db,
  { zoneId, causeRef, facts, businessKey }: StandingCause,
  contract: Contract,
  sources: readonly Place[],
): Promise<string> {
  const serviceOf = (sourceId: string) => sources.find((source) => source.sourceId === sourceId)?.service ?? sourceId;
  const title = titleOf(facts, sidesOf(facts, contract, serviceOf), businessKey, contract.businessKey.name);
  const titles = [title, ...apartWords(facts, causeRef).map((apart) => `${title}, ${apart}`)];
  const taken = await selectTitles(tx, zoneId, titles);
  return titles.find((one) => !taken.includes(one)) ?? titles.at(-1)!;
}

/** What nobody has taken notice of ends with its cause; what somebody works on stays, and says so. */
async function causeGone(db: Db, caseId: number, now: Instant): Promise<void> {
  await db.transaction(async (tx) => {
    const one = await lockCase(tx, caseId);
    if (!(await markCause(tx, caseId, now))) return;
    await insertCaseEvent(tx, caseId, event("gone", now, eventWords.gone()));
    if (one.resolvedAt !== null || one.touchedAt !== null) return;
    const reason = "The cause went before anybody took notice.";
    const by = accord.name;
    if (await markResolved(tx, caseId, { resolution: "converged", reason, by, at: now, until: null }))
      await insertCaseEvent(tx, caseId, event("resolved", now, eventWords.resolved("converged", reason)));
  });
}

async function unrepaired(db: Db, caseId: number, contracts: ReadonlyMap<string, Contract>, now: Instant): Promise<void> {
  await db.transaction(async (tx) => {
    const one = await lockCase(tx, caseId);
    const dueAt = now + (contracts.get(one.zoneId)?.recovery.cases.dueMs ?? 0);
    if (await markReopened(tx, caseId, dueAt))
      await insertCaseEvent(
        tx,
        caseId,
        event("reopened", now, eventWords.reopened("a window after it was called repaired the cause still stands")),
      );
  });
}

async function wake(db: Db, caseId: number, now: Instant): Promise<void> {
  await db.transaction(async (tx) => {
    const one = await lockCase(tx, caseId);
    if (one.resolvedAt !== null || one.wakesAt === null || one.wakesAt > now) return;
    await markSnoozed(tx, caseId, null, null);
    const due = one.snoozedUntil !== null && one.wakesAt < one.snoozedUntil;
    await insertCaseEvent(
      tx,
      caseId,
      event("woke", now, due ? eventWords.woke(true) : [plain("woke the case: its snooze is over")]),
    );
  });
}
