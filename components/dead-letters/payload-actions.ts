import { getJson, postJson } from "@/components/fetch";
import type { PayloadView } from "@/lib/dead-letters/views";

const path = (id: string, what: string) => `/api/v1/dead-letters/messages/${encodeURIComponent(id)}/${what}`;

/** A payload that the page came without, masked. */
export const askPayload = (id: string): Promise<PayloadView> => getJson<PayloadView>(path(id, "payload"));

/** A payload as it is, for a reason. */
export const requestReveal = ({ id, reason }: { id: string; reason: string }, key: string): Promise<PayloadView> =>
  postJson<PayloadView>(path(id, "reveal"), { reason }, key);
