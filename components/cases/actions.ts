import { postJson } from "@/components/fetch";
import type { CaseResolution } from "@/lib/cases/rules";

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
