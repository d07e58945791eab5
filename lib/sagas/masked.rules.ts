import { parseJson } from "../json";
import { maskedValues, textMasker } from "../masking";

type WithData = { errorType: string | null; errorMessage: string | null; sagaData: string | null };

/** A step without its saga's data, and its error without what the zone masks in that. Where no path leads to anything, only the screen's own care is left. */
export function withoutData<S extends WithData>({ sagaData, ...step }: S, paths: readonly string[]): Omit<S, "sagaData"> {
  const mask = sagaData === null || paths.length === 0 ? null : textMasker(maskedValues(readable(sagaData), paths));
  if (mask === null) return step;
  const text = (value: string | null) => value && mask(value);
  return { ...step, errorType: text(step.errorType), errorMessage: text(step.errorMessage) };
}

function readable(data: string): unknown {
  try {
    return parseJson(data);
  } catch {
    return null;
  }
}
