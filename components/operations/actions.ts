import { postJson } from "@/components/fetch";

export type Step = "pause" | "resume" | "cancel";

/** Pauses, resumes or cancels the rest of an operation. */
export const requestStep = (operationId: string, step: Step, key: string): Promise<{ operationId: string; state: string }> =>
  postJson(`/api/v1/operations/${encodeURIComponent(operationId)}/${step}`, {}, key);
