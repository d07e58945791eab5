import type { Ctx } from "../context";
import type { Contract } from "../contracts/rules";
import { readContracts } from "../contracts/service";
import { canRead, zoneFilter } from "../permissions";
import { countKeys, selectProofCounts, selectProofGrid, selectProofs } from "../proofs/read.sql";
import { type ProofCounts, type ProofState, proofStates } from "../proofs/rules";
import { type ProofView, proofLetter } from "../proofs/views";
import { proofSentence, proofWords } from "../proofs/words";
import { selectSources } from "../sources/read.sql";
import { readVisible } from "./known";
import type { StoredOperation } from "./read.sql";

const PAGE = 50;
// Beside the counts: who wants them all asks for a state.
const FIRST = 10;
const GRID_MAX = 2_000;
const offTrack: readonly ProofState[] = ["diverging", "waits"];

/** How many of an operation's keys stand where, of those that the actor may see. */
export async function countProofs(
  ctx: Ctx,
  { operationId, keysN }: Pick<StoredOperation, "operationId" | "keysN">,
): Promise<ProofCounts> {
  const zones = zoneFilter(ctx.actor);
  // Counted when it was frozen; only who sees a part of it has to have that part counted.
  const [found, total] = await Promise.all([
    selectProofCounts(ctx.db, operationId, zones),
    zones === null ? keysN : countKeys(ctx.db, operationId, zones),
  ]);
  const byState = Object.fromEntries(
    proofStates.map((state) => [state, found.find((one) => one.state === state)?.n ?? 0]),
  ) as Record<ProofState, number>;
  const handed = Object.values(byState).reduce((sum, n) => sum + n, 0);
  return { ...byState, undelivered: Math.max(0, total - handed), total };
}

/** What some zones call a business key, where they agree on it. */
export function keyNameOf(contracts: readonly Contract[]): string {
  const names = new Set(contracts.map(({ businessKey }) => businessKey.name));
  return names.size === 1 ? [...names][0]! : "key";
}

/** Whether the business keys of an operation converged since its messages were delivered: how many, and a page of those that did not, or of one state. */
export async function readProof(
  ctx: Ctx,
  wanted: { operationId: number; state?: ProofState | undefined; after?: { businessKey: string; zoneId: string } | undefined },
): Promise<ProofView> {
  const stored = await readVisible(ctx, wanted.operationId);
  const zones = zoneFilter(ctx.actor);
  const [states, most] =
    wanted.state === undefined && !wanted.after ? [offTrack, FIRST] : [wanted.state ? [wanted.state] : offTrack, PAGE];
  const [counts, grid, proofs, contracts, sources] = await Promise.all([
    countProofs(ctx, stored),
    stored.keysN <= GRID_MAX ? selectProofGrid(ctx.db, wanted.operationId, zones, proofLetter) : null,
    selectProofs(ctx.db, wanted.operationId, zones, { states, after: wanted.after ?? null }, most + 1),
    readContracts(ctx.db),
    selectSources(ctx.db),
  ]);
  const serviceOf = (sourceId: string) => sources.find((source) => source.sourceId === sourceId)?.service ?? sourceId;
  const own = contracts.filter(({ zoneId }) => stored.zones.includes(zoneId) && canRead(ctx.actor, zoneId));
  const pairs = own.flatMap(({ recovery }) =>
    recovery.reconciliation.map(
      ({ authority, projection }) => `${serviceOf(authority.sourceId)} with ${serviceOf(projection.sourceId)}`,
    ),
  );
  const titleOf = (zoneId: string) => own.find((contract) => contract.zoneId === zoneId)?.title ?? null;
  const rows = proofs.slice(0, most).map(({ zoneId, why, ...proof }) => {
    const zone = titleOf(zoneId);
    return { ...proof, zoneId, zone, why: proofWords(proof.state, why, zone) };
  });
  const last = rows.at(-1);
  return {
    now: ctx.now,
    sentence: proofSentence(counts, keyNameOf(own)),
    counts,
    compared: [...new Set(pairs)],
    grid,
    rows,
    after: proofs.length > most && last ? JSON.stringify([last.businessKey, last.zoneId]) : null,
  };
}
