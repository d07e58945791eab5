/** How many messages one edit may be of: each is worked out and validated before it is asked for. */
export const EDITED_MAX = 10_000;

/** Why an edit does not fit a payload: the patch, what is masked, or the event's schema; `at` is a JSON Pointer into the payload. */
export type Misfit = { at: string; why: string; by: "patch" | "masking" | "schema" };
export type Edited = { ok: true; payload: string; changed: boolean } | { ok: false; misfits: Misfit[] };

/** What a payload is held against: the paths that are masked where it stands, and what its schemas say of it; `name`: of a field of the payload that `why` names. */
export type Judging = { masking: readonly string[]; problems: (payload: unknown) => Problem[] };
export type Problem = { at: string; why: string; name?: string | undefined };
