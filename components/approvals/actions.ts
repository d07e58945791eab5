import { postJson } from "@/components/fetch";

export type Decision = "approve" | "refuse" | "withdraw";

/** Says yes or no as a further person, or takes one's own request back. */
export const requestDecision = (
  { approvalId, decision, reason }: { approvalId: string; decision: Decision; reason?: string },
  key: string,
): Promise<{ state: string }> =>
  postJson(`/api/v1/approvals/${encodeURIComponent(approvalId)}/${decision}`, reason ? { reason } : {}, key);
