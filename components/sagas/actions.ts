import { getJson, intentKey, postJson } from "@/components/fetch";
import type { HoldPreviewView, HoldView } from "@/lib/sagas/views";
import type { Instant } from "@/lib/time";
import type { SagaId } from "./queries";

/** What is held or released: named sagas, or all of a cause that are stuck or about to compensate. */
export type SagaChoice = { sagas: SagaId[] } | { cause: { zone: string; type: string; step: string | null } };

export type Asked = { holdId: string; sagasN: number; until: Instant | null };

/** What a hold would do now. Changes nothing. */
export const askHoldPreview = (selection: SagaChoice): Promise<HoldPreviewView> =>
  postJson<HoldPreviewView>("/api/v1/sagas/preview", { selection }, intentKey());

export type HoldRequest = { selection: SagaChoice; minutes: number; reason: string };
export const requestHold = (request: HoldRequest, key: string): Promise<Asked> =>
  postJson<Asked>("/api/v1/sagas/hold", request, key);

export type ReleaseRequest = { selection: SagaChoice; reason: string } | { holdId: string };
export const requestRelease = (request: ReleaseRequest, key: string): Promise<Asked> =>
  postJson<Asked>("/api/v1/sagas/release", request, key);

// A worker tells the source within a second; after that the request goes on by itself, and the page says how far it is.
const ASKED_TIMES = 10;
const ASKED_EVERY_MS = 300;

/** What came of a request, as soon as its sources have answered; what is known by then, when they do not. */
export async function outcomeOf({ holdId }: Asked): Promise<HoldView> {
  const path = `/api/v1/saga-holds/${encodeURIComponent(holdId)}`;
  let view = await getJson<HoldView>(path);
  for (let i = 0; i < ASKED_TIMES && !view.settled; i++) {
    await new Promise((resolve) => setTimeout(resolve, ASKED_EVERY_MS));
    view = await getJson<HoldView>(path);
  }
  return view;
}
