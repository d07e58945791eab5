import { postJson } from "@/components/fetch";
import { type Limits, suggestedPlan } from "@/lib/operations/plan.rules";

export type Step = "pause" | "resume" | "cancel" | "undo" | "continue";

/** Pauses, resumes, undoes or cancels an operation, or goes on after its canary. */
export const requestStep = (operationId: string, step: Step, key: string): Promise<{ operationId: string; state: string }> =>
  postJson(`/api/v1/operations/${encodeURIComponent(operationId)}/${step}`, {}, key);

type Change = { operationId: string } & Limits;
/** Holds an operation to other limits from now on. */
export const requestChange = ({ operationId, ...limits }: Change, key: string): Promise<{ operationId: string; state: string }> =>
  postJson(`/api/v1/operations/${encodeURIComponent(operationId)}/change`, limits, key);

type Again = { operationId: string; reason: string; failedN: number };
/** Asks for a retry of what did not get through, under the limits that are suggested for so many. */
export const requestRetryFailed = (
  { operationId, reason, failedN }: Again,
  key: string,
): Promise<{ operationId: string; itemsN: number }> =>
  postJson(`/api/v1/operations/${encodeURIComponent(operationId)}/retry-failed`, { reason, plan: suggestedPlan(failedN) }, key);

type TakeBackRequest = { messages?: string[]; operationId?: string; reason: string };

/** Asks to park again what was closed. */
export const requestTakeBack = (request: TakeBackRequest, key: string): Promise<{ operationId: string; itemsN: number }> =>
  postJson("/api/v1/dead-letters/take-back", request, key);
