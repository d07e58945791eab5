import { postJson } from "@/components/fetch";

/** Has a divergence looked at again at once. */
export const recheck = (divergenceId: string, key: string): Promise<{ askedAt: number }> =>
  postJson(`/api/v1/divergences/${encodeURIComponent(divergenceId)}/recheck`, {}, key);

/** Has a rule run at once. */
export const runRule = ({ zoneId, rule }: { zoneId: string; rule: string }, key: string): Promise<{ repeated: boolean }> =>
  postJson(`/api/v1/divergences/rules/${encodeURIComponent(zoneId)}/${encodeURIComponent(rule)}/run`, {}, key);
