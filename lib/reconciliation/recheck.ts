import type { Db } from "../db/pool";
import type { Unresolved } from "../facts/rules";
import { deleteUnresolved, insertUnresolved, lockZones, refreshOpenKeys } from "../facts/sql";
import { fromSource } from "../sources/failures.rules";
import { candidateOf, everyMs, explained, remembered, type Seen, seenOf } from "./candidate";
import type { Difference } from "./compare";
import { dueIn, type Ruling, rulingOf } from "./judge";
import { readKeys } from "./pages";
import {
  deleteCandidates,
  insertCandidates,
  type Kept,
  type NewCandidate,
  selectDue,
  type Update,
  updateJudged,
} from "./record.sql";
import { limits, type Resolution } from "./rules";
import { fenced, type Run, renew } from "./run";
import { resolutionWords, seenWords } from "./words";

type Found = { updates: (Update & { was: string })[]; gone: number[]; candidates: NewCandidate[]; facts: Unresolved[] };
type Differing = Seen & { difference: Difference };

/** Looks again at every key of a rule that is due, by one statement a side for up to a thousand of them, until none is. */
export async function recheckDue(run: Run, signal?: AbortSignal): Promise<void> {
  for (;;) {
    await renew(run);
    const due = await selectDue(run.db, run.rule, run.now, limits.keysPerStatement);
    if (due.length === 0 || signal?.aborted) return;
    const read = await fromSource(
      readKeys(
        run.sides,
        due.map((one) => one.key),
      ),
    );
    const found: Found = { updates: [], gone: [], candidates: [], facts: [] };
    for (const [i, kept] of due.entries()) rule(run, kept, seenOf(run, read.pairs[i]!, read), found);
    await fenced(run, (tx) => store(tx, run, found));
  }
}

/** What one look makes of one key. */
function rule(run: Run, kept: Kept, seen: Seen, found: Found): void {
  const ruling = rulingOf(kept, seen, run.bounds);
  const differs = seen.difference === null ? null : (seen as Differing);
  if (kept.state === "candidate") {
    if (ruling === "converged") found.gone.push(kept.divergenceId);
    else if (ruling === "arrived" || ruling === "anew") found.updates.push(begunAnew(run, kept, differs!, ruling));
    else found.updates.push(seenAgain(run, kept, differs!, ruling === "opens" ? "open" : "candidate"));
    if (ruling === "opens") found.facts.push(factOf(run, kept));
    return;
  }
  if (ruling === "stays" && kept.state !== "resolved") {
    const ended = kept.state === "accepted" && kept.acceptedUntil !== null && kept.acceptedUntil <= run.now;
    found.updates.push(seenAgain(run, kept, differs!, ended ? "open" : kept.state));
    if (ended) found.facts.push(factOf(run, kept));
    return;
  }
  found.updates.push(resolved(run, kept, ruling === "anew" ? "superseded" : "converged"));
  // What differs now is another fact, and is seen now for the first time.
  if (differs) found.candidates.push(candidateOf(run, differs));
}

function begunAnew(run: Run, kept: Kept, seen: Differing, ruling: Ruling): Update & { was: string } {
  const restarts = ruling === "anew" ? kept.restarts + 1 : 0;
  const candidate = candidateOf(run, seen, { restarts, history: kept.history });
  return {
    ...candidate,
    divergenceId: kept.divergenceId,
    was: kept.state,
    lastSeenAt: run.now,
    confirmedAt: null,
    resolvedAt: null,
    resolution: null,
    explainedBy: explained(run, candidate.changedAt, seen, restarts),
  };
}

function seenAgain(run: Run, kept: Kept, seen: Differing, state: "candidate" | "open" | "accepted"): Update & { was: string } {
  const { difference, pair } = seen;
  const confirmed = state === "open" && kept.state === "candidate";
  const fields = run.comparison.fieldsOf(pair);
  const changed = difference.kind !== kept.kind || difference.detail !== kept.detail;
  const text = confirmed ? "Confirmed: older than the window and seen twice" : changed ? seenWords(difference) : null;
  return {
    ...kept,
    ...difference,
    was: kept.state,
    state,
    fields,
    lastSeenAt: run.now,
    confirmedAt: confirmed ? run.now : null,
    resolvedAt: null,
    resolution: null,
    seenN: kept.seenN + 1,
    // What is confirmed was judged, however long that took.
    explainedBy: explained(run, kept.changedAt, seen, state === "candidate" ? kept.restarts : 0),
    dueAt: run.now + dueIn({ ...kept, state, seenN: kept.seenN + 1 }, seen, run.bounds, everyMs(run)),
    history: text === null ? kept.history : remembered(kept.history, { at: run.now, text }),
  };
}

function resolved(run: Run, kept: Kept, resolution: Resolution): Update & { was: string } {
  return {
    ...kept,
    was: kept.state,
    state: "resolved",
    lastSeenAt: run.now,
    confirmedAt: null,
    resolvedAt: run.now,
    resolution,
    dueAt: run.now,
    history: remembered(kept.history, { at: run.now, text: resolutionWords[resolution] }),
  };
}

const factRef = ({ rule }: Run, key: string): string => `${rule.zoneId}/${rule.rule}/${key}`;

function factOf(run: Run, { key, since }: Kept): Unresolved {
  return {
    sourceId: run.rule.contract.projection.sourceId,
    reason: "divergence",
    consumer: "",
    ref: factRef(run, key),
    zoneId: run.rule.zoneId,
    businessKey: key,
    eventType: run.rule.rule,
    since,
    confirmed: true,
    flagged: false,
  };
}

/** The look's outcome in one transaction; a fact follows only what this look really changed. */
async function store(tx: Db, run: Run, { updates, gone, candidates, facts }: Found): Promise<void> {
  if (facts.length > 0 || updates.some((update) => update.was === "open")) await lockZones(tx, [run.rule.zoneId]);
  await deleteCandidates(tx, gone);
  const changed = new Map((await updateJudged(tx, updates)).map((row) => [row.key, row.state]));
  const ended = [...changed].filter(([, state]) => state === "resolved").map(([key]) => key);
  await insertCandidates(
    tx,
    run.rule,
    candidates.filter((candidate) => changed.has(candidate.key)),
  );
  const closed = await deleteUnresolved(
    tx,
    run.rule.contract.projection.sourceId,
    "divergence",
    ended.map((key) => ({ consumer: "", ref: factRef(run, key) })),
  );
  const opened = await insertUnresolved(
    tx,
    facts.filter((fact) => changed.get(fact.businessKey) === "open"),
  );
  await refreshOpenKeys(tx, [...closed, ...opened]);
}
