import type { CaseRow } from "@/lib/cases/views";

export const caseHref = (caseId: string): string => `/cases/${encodeURIComponent(caseId)}`;

/** How much of its time a case has used; above 1 it is overdue. */
export const shareOfTime = ({ clockAt, dueAt }: Pick<CaseRow, "clockAt" | "dueAt">, now: number): number =>
  dueAt <= clockAt ? 2 : Math.max(0, now - clockAt) / (dueAt - clockAt);

/** How pressing it is by its time alone. */
export const timeTone = (share: number): "breach" | "risk" | "conv" => (share >= 1 ? "breach" : share >= 0.7 ? "risk" : "conv");
