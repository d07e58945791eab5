/** A number whose digits a double would change, as it is written: 9007199254740993, 1.10, 1e400. */
export type NumberMark = { $number: string };

const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
// Without any of these, every number in a text is a whole one that a double holds.
const TOLD_OTHERWISE = /\d{16}|\d[.eE]|-0/;

/**
 * Reads JSON without changing its digits: a number that a double would write otherwise becomes a mark with its text. The text is looked
 * through before it is parsed, since the engine's own parser is the only one that no depth of nesting ends. Throws SyntaxError as JSON.parse.
 */
export function parseJson(text: string): unknown {
  if (!TOLD_OTHERWISE.test(text)) return JSON.parse(text);
  return JSON.parse(
    text.replace(TOKENS, (token) =>
      token.startsWith('"') || String(Number(token)) === token ? token : `{"$number":"${token}"}`,
    ),
  );
}

/** Whether a value is such a mark. */
export const isNumberMark = (value: unknown): value is NumberMark =>
  typeof value === "object" &&
  value !== null &&
  typeof (value as NumberMark).$number === "string" &&
  /^-?\d[\d.eE+-]*$/.test((value as NumberMark).$number) &&
  Object.keys(value).length === 1;

/** Writes JSON with the digits that `parseJson` read; with an indent, on lines of its own. */
export function writeJson(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, null, indent);
  // Most answers hold no such number.
  return text.includes('"$number"') ? text.replace(/\{\s*"\$number":\s*"(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"\s*\}/g, "$1") : text;
}
