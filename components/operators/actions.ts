import { postJson } from "@/components/fetch";
import type { Role } from "@/lib/context";

const of = (operatorId: string, what = "") => `/api/v1/operators/${encodeURIComponent(operatorId)}${what}`;

export type NewPerson = { email: string; name: string; role: Role; zones: string[] | null; password: boolean };
export type Change = {
  operatorId: string;
  name?: string;
  role?: Role;
  zones?: string[] | null;
  active?: boolean;
};

/** Adds somebody; the answer holds their password this once, null for who comes in through the provider. */
export const requestInvitation = (person: NewPerson, key: string): Promise<{ operatorId: string; password: string | null }> =>
  postJson("/api/v1/operators", person, key);

/** Changes name, role, zones, or whether somebody may sign in. */
export const requestChange = ({ operatorId, ...change }: Change, key: string): Promise<unknown> =>
  postJson(of(operatorId), change, key);

/** Gives somebody another password, and ends their sessions and tokens. */
export const requestReset = (operatorId: string, key: string): Promise<{ password: string | null }> =>
  postJson(of(operatorId, "/password"), {}, key);

/** Ends one session. */
export const requestSessionEnd = (sessionId: string, key: string): Promise<{ ended: boolean }> =>
  postJson(`/api/v1/sessions/${encodeURIComponent(sessionId)}/revoke`, {}, key);

/** Ends all of somebody's sessions. */
export const requestSessionsEnd = (operatorId: string, key: string): Promise<{ ended: number }> =>
  postJson(of(operatorId, "/sessions/revoke"), {}, key);
