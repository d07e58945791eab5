import { postJson } from "@/components/fetch";
import type { TriageState } from "@/lib/dead-letters/triage/rules";
import type { Instant } from "@/lib/time";

type StateAsked =
  | { state: "new" | "investigating" }
  | { state: "waiting"; waitsFor: string }
  | { state: "muted"; until: Instant | null; above: number | null }
  | { state: "resolved"; reason: string };

/** What can be said of a group. `from` is what the caller saw: who comes second is told who was first. */
export type GroupAct =
  | { act: "assign"; to: string | null; from: string | null }
  | { act: "note"; text: string }
  | { act: "ticket"; ticket: string | null; from: string | null }
  | ({ act: "state"; from: number } & StateAsked);

export const requestGroupAct = (
  groupId: string,
  { act, ...body }: GroupAct,
  key: string,
): Promise<{ groupId: string; state: TriageState; stateN: number }> =>
  postJson(`/api/v1/dead-letters/groups/${encodeURIComponent(groupId)}/${act}`, body, key);
