import { intentKey, postJson } from "@/components/fetch";
import type { Plan } from "@/lib/operations/plan.rules";
import type { EditPreviewView, PreviewView } from "@/lib/operations/views";
import type { Instant } from "@/lib/time";
import type { Selection } from "./words";

/** What a retry would do now. Changes nothing. */
export const askPreview = (selection: Selection): Promise<PreviewView> =>
  postJson<PreviewView>("/api/v1/dead-letters/preview", { kind: "retry", selection }, intentKey());

/** What a preview said, for the request that follows it: what has come to another number is refused. */
export const previewedIn = ({ now, messagesN }: PreviewView): { at: Instant; messagesN: number } => ({ at: now, messagesN });

/** What an edit would make of them, with the patch that it is about. Changes nothing. */
export type EditAsked = EditPreviewView & { patch: string };
export const askEdit = async (selection: Selection, patch: string): Promise<EditAsked> => ({
  ...(await postJson<EditPreviewView>("/api/v1/dead-letters/edit/preview", { selection, patch }, intentKey())),
  patch,
});

/** `asOf` is the time of the preview: what was parked after it is left out, so that confirmed is what was seen. */
type RetryRequest = {
  selection: Selection & { asOf: Instant };
  previewed: { at: Instant; messagesN: number };
  reason: string;
  ticket: string | null;
  plan: Plan;
};

type Requested = { operationId: string; itemsN: number; awaiting: boolean };

/** Asks for the retry; answers with the operation that carries it out. */
export const requestRetry = (request: RetryRequest, key: string): Promise<Requested> =>
  postJson("/api/v1/dead-letters/retry", request, key);

/** The same with another payload. */
export const requestEdit = (request: RetryRequest & { patch: string }, key: string): Promise<Requested> =>
  postJson("/api/v1/dead-letters/edit", request, key);
