import { z } from "zod";
import type { RouteHandler } from "../read";

/** A route as the registry has it: what it takes is its handler's own, what it answers is declared here. */
export type ApiRoute = {
  path: string;
  method: "GET" | "POST";
  handler: RouteHandler;
  name: string;
  purpose: string;
  /** Null for a route whose answer is no value in JSON, or not declared yet. */
  answers: z.ZodType | null;
};

/** Declares a route. What the verb gives back and what is declared must be the same to the compiler, so that a field is added to both. */
export function route<O, A extends O>(
  method: ApiRoute["method"],
  path: string,
  handler: RouteHandler<O>,
  name: string,
  purpose: string,
  answers: ([O] extends [A] ? z.ZodType<A> : never) | null = null,
): ApiRoute {
  return { path, method, handler, name, purpose, answers };
}

/** What in an answer's JSON is not as declared, in words; null when all of it is. */
export function misfit(answers: z.ZodType, json: unknown): string | null {
  const { error } = z.strictObject({ value: answers }).safeParse(json);
  return error ? z.prettifyError(error) : null;
}
