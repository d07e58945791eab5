import { intentKey, postJson } from "@/components/fetch";
import type { PreviewView } from "@/lib/dead-letters/views";
import type { Plan } from "@/lib/operations/plan.rules";
import type { Instant } from "@/lib/time";
import type { Act, Selection } from "./words";

/** What an act would do now. Changes nothing. */
export const askPreview = (act: Act, selection: Selection): Promise<PreviewView> =>
  postJson<PreviewView>("/api/v1/dead-letters/preview", { kind: act, selection }, intentKey());

/** `asOf` is the time of the preview: what was parked after it is left out, so that confirmed is what was seen. */
type ActRequest = { act: Act; selection: Selection & { asOf: Instant }; reason: string; ticket: string | null; plan?: Plan };

/** Asks for the act; answers with the operation that carries it out. */
export const requestAct = (
  { act, ...request }: ActRequest,
  key: string,
): Promise<{ operationId: string; itemsN: number; awaiting: boolean }> => postJson(`/api/v1/dead-letters/${act}`, request, key);
