import { isUtf8 } from "node:buffer";
import { readFile, stat } from "node:fs/promises";
import type { Problem } from "./rules";
import { limits } from "./yaml";

/** A file's text, or the one problem why there is none: missing, no file, too large, no UTF-8. */
export async function readText(
  path: string,
  file: string,
): Promise<{ ok: true; value: string } | { ok: false; problem: Problem }> {
  const no = (message: string, line = 1, column = 1) => {
    const problem: Problem = { file, line, column, path: "", message, severity: "error" };
    return { ok: false as const, problem };
  };
  const found = await stat(path).catch(() => null);
  // A pipe would be waited for, and a device may never end.
  if (!found?.isFile()) return no("Expected a file, found none.");
  if (found.size > limits.bytesMax) return no(`Expected at most ${limits.bytesMax} bytes, found ${found.size}.`);
  const bytes = await readFile(path).catch(() => null);
  if (bytes === null) return no("Expected a file that may be read, found one that may not.");
  const bad = notUtf8At(bytes);
  return bad === null
    ? { ok: true, value: bytes.toString("utf8") }
    : no("Expected text in UTF-8, found a byte that is none.", bad.line, bad.column);
}

/** The first place that is not UTF-8; null when there is none. No byte of a longer character looks like a line's end. */
export function notUtf8At(bytes: Buffer): { line: number; column: number } | null {
  if (isUtf8(bytes)) return null;
  let start = 0;
  for (let line = 1; ; line += 1) {
    const end = bytes.indexOf(10, start);
    const content = bytes.subarray(start, end === -1 ? bytes.length : end);
    if (!isUtf8(content) || end === -1) return { line, column: content.toString("utf8").indexOf("\ufffd") + 1 };
    start = end + 1;
  }
}
