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

/** Begins a second factor of one's own; the answer holds its secret this once. */
export const requestFactor = (password: string, key: string): Promise<{ secret: string | null; uri: string | null }> =>
  postJson("/api/v1/me/second-factor", { password }, key);

/** Confirms it by its first code; the answer holds the recovery codes this once. */
export const requestFactorConfirmed = (code: string, key: string): Promise<{ recoveryCodes: string[] | null }> =>
  postJson("/api/v1/me/second-factor/confirm", { code }, key);

/** Takes one's own second factor away. */
export const requestFactorEnd = (typed: { password: string; code: string }, key: string): Promise<{ removed: boolean }> =>
  postJson("/api/v1/me/second-factor/remove", typed, key);

/** Takes somebody else's away. */
export const requestFactorEndOf = (operatorId: string, key: string): Promise<{ removed: boolean }> =>
  postJson(of(operatorId, "/second-factor/remove"), {}, key);
