import type { Contract } from "../contracts/rules";
import type { Db } from "../db/pool";
import { templateOf } from "../dead-letters/template.rules";
import { nameOrShape } from "../masking";
import type { Instant } from "../time";
import { selectSagaCauses } from "./read.sql";
import type { SagaCause, SagaZone } from "./rules";

/** A zone as its sagas are judged. */
export const sagaZone = ({ zoneId, expectation }: Contract): SagaZone => ({
  zoneId,
  windowMs: expectation.windowMs,
  atRiskRatio: expectation.atRisk,
});

/** What of a saga's error may be shown: it comes without a payload that would tell what of it is masked, so only its template where anything is. */
export const shownError = (message: string | null, { masking }: Pick<Contract, "masking">): string | null =>
  masking.length === 0 ? message : templateOf(message ?? "") || null;

/** A saga's correlation, or the type of an error, as it may be shown. */
export const shownName = (text: string | null, { masking }: Pick<Contract, "masking">): string | null =>
  text === null || masking.length === 0 ? text : nameOrShape(text);

/** Which step of its contract a saga stands at, from 1, of how many, and what may run to undo it. */
export function placeOfStep(
  contract: Contract,
  sagaType: string,
  step: string | null,
): { stepNo: number | null; stepsN: number; undo: string[] } {
  const steps = contract.recovery.sagas.find((saga) => saga.sagaType === sagaType)?.steps ?? [];
  const at = steps.findIndex((one) => one.step === step);
  return {
    stepNo: at < 0 ? null : at + 1,
    stepsN: steps.length,
    undo: steps.flatMap(({ compensation }) => (compensation === null ? [] : [compensation])),
  };
}

/** What is to be seen of each zone's sagas, by type and step. */
export async function sagaCauses(
  db: Db,
  contracts: readonly Contract[],
  now: Instant,
): Promise<(SagaCause & { zoneId: string })[]> {
  const ruled = contracts.filter((contract) => contract.recovery.sagas.length > 0);
  if (ruled.length === 0) return [];
  const found = await selectSagaCauses(db, ruled.map(sagaZone), now);
  return found.map((cause) => {
    const contract = ruled.find((one) => one.zoneId === cause.zoneId)!;
    return {
      ...cause,
      errorMessage: shownError(cause.errorMessage, contract),
      ...placeOfStep(contract, cause.sagaType, cause.step),
    };
  });
}
