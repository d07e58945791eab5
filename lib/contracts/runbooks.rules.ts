import type { Contract, RunbookCause } from "./rules";

/** A contract's runbook as it is followed. */
export type Runbook = { when: string; title: string; steps: string[] };

/** What went wrong, as the conditions of runbooks name it. */
export type RunbookRequest = { causes: RunbookCause[]; kinds: string[]; at: string[] };

/** The contract's runbook for something that went wrong, the one that names it most exactly; null when none is for it. */
export function bestRunbook({ accountability }: Contract, wanted: RunbookRequest): Runbook | null {
  const fitting = accountability.runbooks
    .filter(({ when }) => wanted.causes.includes(when.cause))
    .filter(
      ({ when }) => (when.kind === null || wanted.kinds.includes(when.kind)) && (when.at === null || wanted.at.includes(when.at)),
    )
    .sort((a, b) => precision(b.when) - precision(a.when));
  const best = fitting[0];
  return best ? { when: best.when.text, title: best.title, steps: best.steps } : null;
}

const precision = ({ kind, at }: { kind: string | null; at: string | null }): number =>
  Number(kind !== null) * 2 + Number(at !== null);

/** What a runbook for a saga that cannot go on, or cannot be undone, is asked for by. */
export function sagaRunbookRequest(
  { recovery }: Contract,
  { sagaType, step, sourceId, failed }: { sagaType: string; step: string | null; sourceId: string; failed: boolean },
): RunbookRequest {
  const compensations = recovery.sagas
    .filter((saga) => saga.sagaType === sagaType)
    .flatMap((saga) => saga.steps.flatMap(({ compensation }) => compensation ?? []));
  return {
    causes: failed ? ["compensation", "saga"] : ["saga"],
    kinds: [step ?? "", ...compensations, sagaType],
    at: [sourceId],
  };
}
