import { intentKey, postJson } from "@/components/fetch";
import type { CloseCode, Closing } from "@/lib/dead-letters/codes.rules";
import type { PreviewView } from "@/lib/operations/views";
import type { Instant } from "@/lib/time";
import type { Selection } from "./words";

type Asked = { operationId: string; itemsN: number; awaiting: boolean };

/** What closing would mean now. Changes nothing. */
export const askClosing = (closing: Closing, selection: Selection): Promise<PreviewView> =>
  postJson<PreviewView>("/api/v1/dead-letters/preview", { kind: closing, selection }, intentKey());

type CloseRequest = {
  closing: Closing;
  selection: Selection & { asOf: Instant };
  previewed: { at: Instant; messagesN: number };
  code: CloseCode | null;
  evidence: string | null;
  reason: string;
  ticket: string | null;
};

/** Asks to close letters; answers with the operation that carries it out. */
export const requestClosing = ({ closing, ...request }: CloseRequest, key: string): Promise<Asked> =>
  postJson(`/api/v1/dead-letters/${closing}`, request, key);
