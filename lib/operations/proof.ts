import type { Ctx } from "../context";
import { readContracts } from "../contracts/service";
import { canRead, zoneFilter } from "../permissions";
import { selectProofCounts, selectProofGrid, selectProofs } from "../proofs/read.sql";
import { type ProofState, proofStates } from "../proofs/rules";
import { type ProofView, proofLetter } from "../proofs/views";
import { proofSentence, proofWords } from "../proofs/words";
import { selectSources } from "../sources/read.sql";
import { readVisible } from "./known";

const PAGE = 50;
// Beside the counts: who wants them all asks for a state.
const FIRST = 10;
const GRID_MAX = 2_000;
const offTrack: readonly ProofState[] = ["diverging", "waits"];

/** Whether the business keys of an operation converged since its messages were delivered: how many, and a page of those that did not, or of one state. */
export async function readProof(
  ctx: Ctx,
  wanted: { operationId: number; state?: ProofState | undefined; after?: { businessKey: string; zoneId: string } | undefined },
): Promise<ProofView> {
  const stored = await readVisible(ctx, wanted.operationId);
  const zones = zoneFilter(ctx.actor);
  const [states, most] =
    wanted.state === undefined && !wanted.after ? [offTrack, FIRST] : [wanted.state ? [wanted.state] : offTrack, PAGE];
  const [{ counts: found, total }, grid, proofs, contracts, sources] = await Promise.all([
    selectProofCounts(ctx.db, wanted.operationId, zones),
    stored.keysN <= GRID_MAX ? selectProofGrid(ctx.db, wanted.operationId, zones, proofLetter) : null,
    selectProofs(ctx.db, wanted.operationId, zones, { states, after: wanted.after ?? null }, most + 1),
    readContracts(ctx.db),
    selectSources(ctx.db),
  ]);
  const byState = Object.fromEntries(
    proofStates.map((state) => [state, found.find((one) => one.state === state)?.n ?? 0]),
  ) as Record<ProofState, number>;
  const handed = Object.values(byState).reduce((sum, n) => sum + n, 0);
  const counts = { ...byState, undelivered: Math.max(0, total - handed), total };
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
    sentence: proofSentence(counts),
    counts,
    compared: [...new Set(pairs)],
    grid,
    rows,
    after: proofs.length > most && last ? JSON.stringify([last.businessKey, last.zoneId]) : null,
  };
}
