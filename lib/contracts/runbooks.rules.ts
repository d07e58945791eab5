import type { Contract, RunbookCause, RunbookCondition } from "./rules";

/** A contract's runbook as it is followed. */
export type Runbook = { when: string; title: string; steps: string[] };

/** What went wrong, as the conditions of runbooks name it; `at` null: where it shows is not known, and any place may be meant. */
export type RunbookRequest = { causes: RunbookCause[]; kinds: string[]; at: string[] | null };

/** Whether a runbook is for something that went wrong. */
export const isFor = (when: RunbookCondition, { causes, kinds, at }: RunbookRequest): boolean =>
  causes.includes(when.cause) &&
  (when.kind === null || kinds.includes(when.kind)) &&
  (when.at === null || at === null || at.includes(when.at));

/** The contract's runbook for something that went wrong, the one that names it most exactly; null when none is for it. */
export function bestRunbook({ accountability }: Contract, wanted: RunbookRequest): Runbook | null {
  const fitting = accountability.runbooks
    .filter(({ when }) => isFor(when, wanted))
    .sort((a, b) => precision(b.when) - precision(a.when));
  const best = fitting[0];
  return best ? { when: best.when.text, title: best.title, steps: best.steps } : null;
}

const precision = ({ kind, at }: { kind: string | null; at: string | null }): number =>
  Number(kind !== null) * 2 + Number(at !== null);

/** What a runbook for a saga that cannot go on, or cannot be undone, is asked for by. */
export function sagaRunbookRequest(
  { recovery }: Contract,
  { sagaType, step, failed }: { sagaType: string; step: string | null; failed: boolean },
): RunbookRequest {
  const compensations = recovery.sagas
    .filter((saga) => saga.sagaType === sagaType)
    .flatMap((saga) => saga.steps.flatMap(({ compensation }) => compensation ?? []));
  // A step is carried out elsewhere than at the saga's own source, and no contract says where.
  return { causes: failed ? ["compensation", "saga"] : ["saga"], kinds: [step ?? "", ...compensations, sagaType], at: null };
}
