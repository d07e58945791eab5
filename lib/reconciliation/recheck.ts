import type { Db } from "../db/pool";
import { fromSource } from "../observation/failures";
import { deleteUnresolved, insertUnresolved, lockZones, refreshOpenKeys, type Unresolved } from "../observation/sql";
import type { Difference } from "./compare";
import { dueIn, type Ruling, rulingOf } from "./judge";
import { readKeys } from "./pages";
import { deleteSuspects, insertSuspects, type Kept, type NewSuspect, selectDue, type Update, updateJudged } from "./record.sql";
import { limits, type Resolution } from "./rules";
import { everyMs, explained, remembered, type Seen, seenOf, suspectOf } from "./suspect";
import { fenced, renew, type Turn } from "./turn";
import { resolutionWords, seenWords } from "./words";

type Found = { updates: (Update & { was: string })[]; gone: number[]; suspects: NewSuspect[]; facts: Unresolved[] };
type Differing = Seen & { difference: Difference };

/** Looks again at every key of a rule that is due, by one statement a side for up to a thousand of them, until none is. */
export async function recheckDue(turn: Turn, signal?: AbortSignal): Promise<void> {
  for (;;) {
    await renew(turn);
    const due = await selectDue(turn.db, turn.rule, turn.now, limits.keysPerStatement);
    if (due.length === 0 || signal?.aborted) return;
    const read = await fromSource(
      readKeys(
        turn.sides,
        due.map((one) => one.key),
      ),
    );
    const found: Found = { updates: [], gone: [], suspects: [], facts: [] };
    for (const [i, kept] of due.entries()) rule(turn, kept, seenOf(turn, read.pairs[i]!, read), found);
    await fenced(turn, (tx) => store(tx, turn, found));
  }
}

/** What one look makes of one key. */
function rule(turn: Turn, kept: Kept, seen: Seen, found: Found): void {
  const ruling = rulingOf(kept, seen, turn.bounds);
  const differs = seen.difference === null ? null : (seen as Differing);
  if (kept.state === "suspect") {
    if (ruling === "converged") found.gone.push(kept.divergenceId);
    else if (ruling === "arrived" || ruling === "anew") found.updates.push(begunAnew(turn, kept, differs!, ruling));
    else found.updates.push(seenAgain(turn, kept, differs!, ruling === "opens" ? "open" : "suspect"));
    if (ruling === "opens") found.facts.push(factOf(turn, kept));
    return;
  }
  if (ruling === "stays" && kept.state !== "resolved") {
    const ended = kept.state === "accepted" && kept.acceptedUntil !== null && kept.acceptedUntil <= turn.now;
    found.updates.push(seenAgain(turn, kept, differs!, ended ? "open" : kept.state));
    if (ended) found.facts.push(factOf(turn, kept));
    return;
  }
  found.updates.push(resolved(turn, kept, ruling === "anew" ? "superseded" : "converged"));
  // What differs now is another fact, and is seen now for the first time.
  if (differs) found.suspects.push(suspectOf(turn, differs));
}

function begunAnew(turn: Turn, kept: Kept, seen: Differing, ruling: Ruling): Update & { was: string } {
  const restarts = ruling === "anew" ? kept.restarts + 1 : 0;
  const suspect = suspectOf(turn, seen, { restarts, history: kept.history });
  return {
    ...suspect,
    divergenceId: kept.divergenceId,
    was: kept.state,
    lastSeenAt: turn.now,
    confirmedAt: null,
    resolvedAt: null,
    resolution: null,
    explainedBy: explained(turn, suspect.changedAt, seen, restarts),
  };
}

function seenAgain(turn: Turn, kept: Kept, seen: Differing, state: "suspect" | "open" | "accepted"): Update & { was: string } {
  const { difference, pair } = seen;
  const confirmed = state === "open" && kept.state === "suspect";
  const fields = turn.comparison.fieldsOf(pair);
  const changed = difference.kind !== kept.kind || difference.detail !== kept.detail;
  const text = confirmed ? "Confirmed: older than the window and seen twice" : changed ? seenWords(difference) : null;
  return {
    ...kept,
    ...difference,
    was: kept.state,
    state,
    fields,
    lastSeenAt: turn.now,
    confirmedAt: confirmed ? turn.now : null,
    resolvedAt: null,
    resolution: null,
    seenN: kept.seenN + 1,
    // What is confirmed was judged, however long that took.
    explainedBy: explained(turn, kept.changedAt, seen, state === "suspect" ? kept.restarts : 0),
    dueAt: turn.now + dueIn({ ...kept, state, seenN: kept.seenN + 1 }, seen, turn.bounds, everyMs(turn)),
    history: text === null ? kept.history : remembered(kept.history, { at: turn.now, text }),
  };
}

function resolved(turn: Turn, kept: Kept, resolution: Resolution): Update & { was: string } {
  return {
    ...kept,
    was: kept.state,
    state: "resolved",
    lastSeenAt: turn.now,
    confirmedAt: null,
    resolvedAt: turn.now,
    resolution,
    dueAt: turn.now,
    history: remembered(kept.history, { at: turn.now, text: resolutionWords[resolution] }),
  };
}

const factRef = ({ rule }: Turn, key: string): string => `${rule.zoneId}/${rule.rule}/${key}`;

function factOf(turn: Turn, { key, since }: Kept): Unresolved {
  return {
    sourceId: turn.rule.contract.projection.sourceId,
    reason: "divergence",
    consumer: "",
    ref: factRef(turn, key),
    zoneId: turn.rule.zoneId,
    businessKey: key,
    eventType: turn.rule.rule,
    since,
    confirmed: true,
    flagged: false,
  };
}

/** The look's outcome in one transaction; a fact follows only what this look really changed. */
async function store(tx: Db, turn: Turn, { updates, gone, suspects, facts }: Found): Promise<void> {
  if (facts.length > 0 || updates.some((update) => update.was === "open")) await lockZones(tx, [turn.rule.zoneId]);
  await deleteSuspects(tx, gone);
  const changed = new Map((await updateJudged(tx, updates)).map((row) => [row.key, row.state]));
  const ended = [...changed].filter(([, state]) => state === "resolved").map(([key]) => key);
  await insertSuspects(
    tx,
    turn.rule,
    suspects.filter((suspect) => changed.has(suspect.key)),
  );
  const closed = await deleteUnresolved(
    tx,
    turn.rule.contract.projection.sourceId,
    "divergence",
    ended.map((key) => ({ consumer: "", ref: factRef(turn, key) })),
  );
  const opened = await insertUnresolved(
    tx,
    facts.filter((fact) => changed.get(fact.businessKey) === "open"),
  );
  await refreshOpenKeys(tx, [...closed, ...opened]);
}
