import { counted, listed } from "../words";
import type { Kept, OperationKind } from "./rules";

/** Whose tables an operation has written; null for a retry, and while nothing was carried out. */
export function writtenWords(kind: OperationKind, kept: readonly Pick<Kept, "service" | "doneN" | "aloneN">[]): string | null {
  if (kind === "retry" || kept.length === 0) return null;
  const written = kept.filter(({ doneN, aloneN }) => doneN > aloneN).map(({ service }) => service);
  const alone = kept.filter(({ aloneN }) => aloneN > 0);
  const aloneN = alone.reduce((n, one) => n + one.aloneN, 0);
  return [
    ...(written.length > 0
      ? [`The dead letters of ${listed(written)}, in ${written.length === 1 ? "its" : "their"} own tables.`]
      : []),
    ...(aloneN > 0
      ? [
          `Nothing in ${listed(alone.map(({ service }) => service))}: Accord alone keeps ${counted(aloneN, "message")} as closed, and there ${aloneN === 1 ? "it lies" : "they lie"} as before.`,
        ]
      : []),
  ].join(" ");
}
