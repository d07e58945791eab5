import pino from "pino";
import { causeOf, framesOf, plainMessage } from "./db/fault";

export type Log = pino.Logger;

/** The log of one of Accord's processes: a JSON object a line. Nothing that a person typed or a service wrote belongs in it; of an error it prints the facts of `faultFacts`. */
export const openLog = (name: string, to: pino.DestinationStream = pino.destination(1)): Log =>
  pino(
    {
      level: process.env.LOG_LEVEL ?? "info",
      base: { process: name },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: faultFacts, fault: faultFacts },
    },
    to,
  );

/** What may be logged of a fault: the innermost message and where it came from, never a statement, its values or what a database quotes. */
export function faultFacts(error: unknown): { name: string; code: unknown; message: string; at: string[] } {
  const cause = causeOf(error);
  const at = error instanceof Error ? framesOf(error) : [];
  return {
    name: error instanceof Error ? cause.name : "unknown",
    code: cause.code ?? null,
    message: plainMessage(error),
    at: at.slice(0, 8).map((line) => line.trim()),
  };
}
