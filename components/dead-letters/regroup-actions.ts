import { getJson, postJson } from "@/components/fetch";
import type { SplitPreview } from "@/lib/dead-letters/regrouping/views";
import type { SplitAsked } from "./regroup-words";

export type RegroupAct = { act: "merge"; groups: string[] } | ({ act: "split" } & SplitAsked) | { act: "undo"; routeId: string };

const of = (groupId: string) => `/api/v1/dead-letters/groups/${encodeURIComponent(groupId)}`;

export const requestRegroup = (
  { groupId, act, ...body }: RegroupAct & { groupId: string },
  key: string,
): Promise<{ groupId: string; moving: boolean }> => postJson(`${of(groupId)}/${act}`, body, key);

export const askSplit = (groupId: string, asked: SplitAsked, signal: AbortSignal): Promise<SplitPreview> =>
  getJson(`${of(groupId)}/split?${new URLSearchParams(asked)}`, signal);
