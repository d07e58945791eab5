import { intentKey, postJson } from "@/components/fetch";
import type { BulkAsked } from "@/lib/cases/bulk.rules";
import type { CaseResolution } from "@/lib/cases/rules";
import type { BulkAnswer, BulkPreview } from "@/lib/cases/views";

/** What can be done with a case, and what it takes. */
export type CaseAct =
  | { act: "acknowledge" }
  | { act: "assign"; to: string | null; from: string | null }
  | { act: "comment"; text: string }
  | { act: "snooze"; until: number | null }
  | { act: "tick"; step: number; done: boolean }
  | { act: "resolve"; resolution: CaseResolution; reason: string; until: number | null }
  | { act: "reopen"; reason: string };

export const requestCaseAct = (caseId: string, { act, ...body }: CaseAct, key: string): Promise<{ state: string }> =>
  postJson(`/api/v1/cases/${encodeURIComponent(caseId)}/${act}`, body, key);

export type NewCase = { zoneId: string; title: string; businessKey: string | null; note: string | null };
/** Opens a case by hand. */
export const requestCase = (request: NewCase, key: string): Promise<{ caseId: string }> =>
  postJson("/api/v1/cases", request, key);

/** The same for several cases. */
type BulkRequest = { cases: string[] } & BulkAsked;
/** What would become of each of them. Changes nothing. */
export const askBulkPreview = (request: BulkRequest): Promise<BulkPreview> =>
  postJson("/api/v1/cases/bulk/preview", request, intentKey());
export const requestBulk = (request: BulkRequest & { reason?: string }, key: string): Promise<BulkAnswer> =>
  postJson("/api/v1/cases/bulk", request, key);
