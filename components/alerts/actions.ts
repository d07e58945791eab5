import { postJson } from "@/components/fetch";
import type { SilenceKind } from "@/lib/alerts/silence.rules";

export const requestAcknowledge = (
  { alertId, note }: { alertId: string; note: string | null },
  key: string,
): Promise<{ state: string }> => postJson(`/api/v1/alerts/${encodeURIComponent(alertId)}/acknowledge`, { note }, key);

export type NewSilence = {
  kind: SilenceKind;
  zoneId: string | null;
  condition: string | null;
  cause: string | null;
  startsAt: number | null;
  endsAt: number;
  reason: string;
};
/** Lets nobody be told until a time. */
export const requestSilence = (request: NewSilence, key: string): Promise<{ silenceId: string }> =>
  postJson("/api/v1/alerts/silences", request, key);

export const requestSilenceEnd = ({ silenceId }: { silenceId: string }, key: string): Promise<{ state: string }> =>
  postJson(`/api/v1/alerts/silences/${encodeURIComponent(silenceId)}/end`, {}, key);
