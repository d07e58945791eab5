import type { Ctx } from "../context";
import type { Contract } from "../contracts/rules";
import { readContracts } from "../contracts/service";
import { actionWords, canRead, zoneFilter } from "../permissions";
import { selectHoldsOf } from "../sagas/holds.sql";
import { type SourceStatus, selectSourceStatuses } from "../sources/read.sql";
import { sourceState } from "../sources/rules";
import { zoneTags } from "../verdicts/service";
import { openWords } from "../verdicts/words";
import { actEntries, caseEntries, divergenceEntries, factEntries, letterEntries, recordEntries } from "./entries";
import * as store from "./key.sql";
import { selectKeys } from "./near.sql";
import { keyVerdict, nearPrefixes, type OpenFact, type Place, pageAfter, told } from "./rules";
import { holdEntries, sagaEntries } from "./saga-entries";
import type { KeyHolding, KeyView } from "./views";
import { closedWords, keyLimits, keySentence } from "./words";

// Rows of one kind that are read of one key. A key with more is badly chosen, and the page says that it shows some.
const ROWS_MAX = 1_000;
const PAGE = 200;
// Sagas of which is told what people requested of them.
const SAGAS_MAX = 8;
/** As long as partitions of closed dead letters are kept (docs/operating.md). */
const KEPT_DAYS = 400;

/**
 * Everything that Accord knows of a business key, in the zones of who asks: what is open, what went wrong before, what people did,
 * and at which service. A key of another zone and no key are the same answer.
 */
export async function readKey(ctx: Ctx, { key, before }: { key: string; before: Place | null }): Promise<KeyView> {
  const known = await storedOf(ctx, key);
  const { letters, sagas, divergences, contracts, statuses, acts, holds, cases, records, zones, zoneIds, near, facts } = known;
  // Somebody may have opened a case by hand about a key of which nothing else is kept.
  const isKnown = known.found || cases.length > 0;

  const serviceOf = (sourceId: string) => statuses.find((status) => status.sourceId === sourceId)?.service ?? sourceId;
  const own = contracts.filter((contract) => zoneIds.includes(contract.zoneId));
  const open = facts.map((fact) => openFact(fact, own, serviceOf)).sort((a, b) => a.since - b.since);
  const holdings = holdingsOf(own, letters, open, statuses, ctx.now);
  const unseen = holdings.filter((holding) => holding.verdict === "unknown").map((holding) => holding.service);
  const entries = [
    ...factEntries(facts, serviceOf),
    ...letterEntries(letters),
    ...sagaEntries(sagas, own, serviceOf, ctx.now),
    ...divergenceEntries(divergences),
    ...caseEntries(cases),
    ...holds.flat(),
    ...actEntries(acts),
    ...recordEntries(records, actionWords),
  ];
  const { page, older } = pageAfter(entries, before, PAGE);
  const cut = [...(known.factsCut ? ["open facts"] : []), ...(known.lettersCut ? ["dead letters"] : [])];
  return {
    now: ctx.now,
    key,
    known: isKnown,
    verdict: isKnown ? keyVerdict(open, unseen.length > 0, ctx.now) : "unknown",
    sentence: keySentence(
      {
        key,
        known: isKnown,
        open,
        unseen,
        lastEnd: lastEndOf(letters),
        underway: [...new Set(acts.filter((act) => act.outcome === null && !ended(act)).map((act) => act.operationId))],
        limited: known.scope !== null,
      },
      ctx.now,
    ),
    zones,
    open: open[0] ? { since: open[0].since, windowMs: open[0].windowMs, factsN: facts.length } : null,
    entries: page,
    older: older && `${older.at}-${older.id}`,
    holdings: isKnown ? holdings : [],
    near: isKnown ? [] : near.map(({ key, since }) => ({ key, since })),
    looked: ["what is open now", "open and closed dead letters", "sagas", "divergences", "cases", "operations", "the audit"],
    limits: keyLimits(cut, ROWS_MAX, KEPT_DAYS),
  };
}

/** What the store has of a key: first where it is named, then what hangs on what was found. */
async function storedOf(ctx: Ctx, key: string) {
  const scope = zoneFilter(ctx.actor);
  const reader = { operatorId: ctx.actor.kind === "operator" ? ctx.actor.operatorId : null, scope };
  const [stored, { letters, cut: lettersCut }, sagas, divergences, contracts, statuses] = await Promise.all([
    store.selectFacts(ctx.db, key, scope, ROWS_MAX),
    store.selectKeyLetters(ctx.db, key, scope, ROWS_MAX),
    store.selectKeySagas(ctx.db, key, scope, ROWS_MAX),
    store.selectKeyDivergences(ctx.db, key, scope, ROWS_MAX),
    readContracts(ctx.db),
    selectSourceStatuses(ctx.db),
  ]);
  const facts = told(stored);
  const found = facts.length + letters.length + sagas.length + divergences.length > 0;
  const targets = [
    { kind: "business_key", id: key },
    ...letters.map(({ id }) => ({ kind: "dead_letter", id: String(id) })),
    ...sagas.map(({ sagaId }) => ({ kind: "saga", id: sagaId })),
    ...divergences.map(({ divergenceId }) => ({ kind: "divergence", id: String(divergenceId) })),
  ];
  const zoneIds = zonesOf(facts, letters, [...sagas, ...divergences]).filter((zone) => canRead(ctx.actor, zone));
  const [acts, holds, cases, records, zones, near] = await Promise.all([
    store.selectKeyActs(
      ctx.db,
      letters.map(({ id }) => id),
      ROWS_MAX,
    ),
    // A key has one saga, or a few one after the other.
    Promise.all(sagas.slice(0, SAGAS_MAX).map(async (saga) => holdEntries(await selectHoldsOf(ctx.db, saga, ctx.now, 20), saga))),
    store.selectKeyCases(ctx.db, key, letters, scope, ROWS_MAX),
    found ? store.selectKeyRecords(ctx.db, targets, reader, PAGE) : [],
    zoneTags(ctx.db, zoneIds, ctx.now),
    found ? [] : selectKeys(ctx.db, nearPrefixes(key), scope),
  ]);
  return {
    found,
    facts,
    factsCut: stored.length >= ROWS_MAX,
    letters,
    lettersCut,
    sagas,
    divergences,
    contracts,
    statuses,
    acts,
    holds,
    cases,
    records,
    zones,
    zoneIds,
    near,
    scope,
  };
}

const ended = (act: store.KeyAct): boolean => act.state === "cancelled" || act.state === "done";

function zonesOf(
  facts: readonly store.KeyFact[],
  letters: readonly store.KeyLetter[],
  others: readonly { zoneId: string }[],
): string[] {
  const all = [
    ...facts.map((fact) => fact.zoneId),
    ...letters.flatMap((letter) => letter.zones),
    ...others.map((one) => one.zoneId),
  ];
  return [...new Set(all)].filter((zone) => zone !== "");
}

function openFact(fact: store.KeyFact, contracts: readonly Contract[], serviceOf: (sourceId: string) => string): OpenFact {
  const contract = contracts.find((one) => one.zoneId === fact.zoneId);
  return {
    reason: fact.reason,
    zoneId: fact.zoneId || null,
    service: fact.consumer || serviceOf(fact.sourceId),
    eventType: fact.eventType,
    since: fact.since,
    windowMs: contract?.expectation.windowMs ?? null,
    atRiskRatio: contract?.expectation.atRisk ?? null,
  };
}

/** What each service of the key's zones holds, as far as is known: what is open there, or that nothing is. */
function holdingsOf(
  contracts: readonly Contract[],
  letters: readonly store.KeyLetter[],
  open: readonly OpenFact[],
  statuses: readonly SourceStatus[],
  now: number,
): KeyHolding[] {
  const events = contracts.flatMap((contract) => contract.semantics.events);
  const producers = events.map((event) => statuses.find((status) => status.sourceId === event.from)?.service ?? event.from);
  const services = new Set([
    ...producers,
    ...events.flatMap((event) => event.to),
    ...open.map((fact) => fact.service),
    ...letters.map((letter) => letter.consumer),
  ]);
  return [...services].map((service): KeyHolding => {
    const status = statuses.find((one) => one.service === service || one.consumers.includes(service));
    const observedAt = status?.observedAt ?? null;
    const oldest = open.find((fact) => fact.service === service);
    const verdict = keyVerdict(
      open.filter((fact) => fact.service === service),
      !status || sourceState(status, now) !== "live",
      now,
    );
    if (oldest)
      return {
        service,
        verdict,
        text: `${oldest.eventType} ${openWords[oldest.reason](service)}`.trim(),
        since: oldest.since,
        observedAt,
      };
    return {
      service,
      verdict,
      text: verdict === "unknown" ? "nothing was open when last seen" : "nothing open",
      since: null,
      observedAt,
    };
  });
}

function lastEndOf(letters: readonly store.KeyLetter[]): { at: number; text: string } | null {
  const closed = letters.filter((letter) => letter.closedAt !== null).sort((a, b) => b.closedAt! - a.closedAt!);
  const last = closed[0];
  return last ? { at: last.closedAt!, text: `Its ${last.eventType} at ${last.consumer} was ${closedWords(last.state)}` } : null;
}
