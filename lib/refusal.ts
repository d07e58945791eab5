export type RefusalKind = "invalid" | "unauthenticated" | "forbidden" | "not_found" | "conflict" | "throttled" | "unavailable";

/** A "no" in words that an operator can use. Thrown by verbs and parsers; route handlers turn it into an answer, everything else is a fault. */
export class Refusal extends Error {
  constructor(
    readonly kind: RefusalKind,
    message: string,
    /** Field path of a bad input, and plain facts that help (the operation that was first, who may). */
    readonly detail: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = "Refusal";
  }
}

export const refusalStatus: Record<RefusalKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  throttled: 429,
  unavailable: 503,
};
