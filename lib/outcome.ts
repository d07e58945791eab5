import { Refusal, type RefusalKind } from "./refusal";

/** What a route handler answers: the value, or a refusal in words. */
export type Outcome<T> =
  | { ok: true; value: T }
  | { ok: false; refusal: { kind: RefusalKind; message: string; detail: Record<string, unknown> } };

/** Runs work; a Refusal becomes an answer, any other error stays an error. */
export async function outcomeOf<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ok: false, refusal: { kind: error.kind, message: error.message, detail: error.detail } };
  }
}
