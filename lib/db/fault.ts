/** A statement that the store did not carry out: why, without the statement and its values, which are what people and services wrote. */
export class StoreFault extends Error {
  override readonly name = "StoreFault";
  constructor(
    message: string,
    /** PostgreSQL's code, or the connection's. */
    readonly code: string | null,
  ) {
    super(message);
  }
}

type Raw = Error & { code?: unknown };

// Data exceptions quote the value that they could not take.
const QUOTES_VALUES = /^22/;

/** The innermost cause. */
export function causeOf(error: unknown): Raw {
  if (!(error instanceof Error)) return new Error(typeof error);
  return error.cause instanceof Error ? causeOf(error.cause) : error;
}

/**
 * What may be said of an error, in one line: the innermost message, since query builders wrap it in one that holds the statement and its
 * values, and nothing that a database quotes from its rows.
 */
export function plainMessage(error: unknown): string {
  const { message, code } = causeOf(error);
  const line = QUOTES_VALUES.test(String(code ?? "")) ? message.replace(/"(?:[^"\\]|\\.)*"?/gs, "…") : message;
  return line.split("\n")[0]!.slice(0, 500);
}

/** The lines of a stack that say where, without the message above them: that may hold another stack, which a service wrote. Where it cannot be told apart, none. */
export function framesOf({ stack = "", message }: Error): string[] {
  const at = stack.indexOf(message);
  return at < 0
    ? []
    : stack
        .slice(at + message.length)
        .split("\n")
        .filter((line) => /^\s+at /.test(line));
}

/** What a statement of the store threw, as a fault without statement and values. */
export function storeFault(error: unknown): StoreFault {
  if (error instanceof StoreFault) return error;
  const { code } = causeOf(error);
  const fault = new StoreFault(plainMessage(error), typeof code === "string" ? code : null);
  const frames = error instanceof Error ? framesOf(error) : [];
  fault.stack = [`${fault.name}: ${fault.message}`, ...frames].join("\n");
  return fault;
}
