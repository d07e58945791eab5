import { failureWords } from "../sources/failure-words";
import { SourceFailure } from "../sources/failures.rules";
import { limits, NotComparable } from "./rules";

/** Why a comparison could not be made, in words; null where that was not the matter. */
export function troubleWords(error: unknown): string | null {
  if (error instanceof NotComparable) return error.message;
  return error instanceof SourceFailure ? comparisonFailure(error.cause) : null;
}

/** Why a comparison stopped, in words; what a look would say of the native tables is not true of a service's own. */
function comparisonFailure(error: unknown): string {
  switch ((error as { code?: string }).code) {
    case "57014":
      return `A page of ${limits.pageMin} rows took longer than 5 s and was given up.`;
    case "55P03":
      return "A relation is locked by its service; no lock is waited for.";
    case "42P01":
    case "42703":
    case "42501":
      if (/row-level security/.test((error as Error).message))
        return `Row-level security would hide rows from the observer (${(error as Error).message}): give its role bypassrls, or disable row security on that table.`;
      return `A relation changed while it was compared: ${(error as Error).message}.`;
    default:
      return failureWords(error).replace("The look failed", "The comparison failed");
  }
}
