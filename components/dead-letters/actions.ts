import { postJson } from "@/components/fetch";
import type { PreviewView } from "@/lib/dead-letters/views";
import type { Act, Selection } from "./words";

/** What an act would do now. Changes nothing. */
export const askPreview = (act: Act, selection: Selection): Promise<PreviewView> =>
  postJson<PreviewView>("/api/v1/dead-letters/preview", { kind: act, ...selection });

export type Intent = { act: Act; selection: Selection; reason: string; ticket: string | null; expectedN: number };

/** Asks for the act; answers with the operation that carries it out. */
export const requestAct = ({ act, selection, ...rest }: Intent, key: string): Promise<{ operationId: string }> =>
  postJson<{ operationId: string }>(`/api/v1/dead-letters/${act}`, { ...selection, ...rest }, key);
