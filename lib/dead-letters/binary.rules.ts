/** What stands where bytes were: what they seem to be, how many, and the first of them in hex; `head` null where a contract masks what is in there. */
export type Binary = { $binary: string; bytesN: number; head: string | null };

// The first bytes by which formats are known, in hex; `..` is any byte.
const magics: readonly (readonly [string, string])[] = [
  ["89504e470d0a1a0a", "PNG image"],
  ["ffd8ff", "JPEG image"],
  ["47494638", "GIF image"],
  ["52494646........57454250", "WebP image"],
  ["25504446", "PDF document"],
  ["504b0304", "ZIP archive, or an office document"],
  ["1f8b", "gzip, compressed"],
  ["28b52ffd", "Zstandard, compressed"],
  ["04224d18", "LZ4, compressed"],
  ["ff060000734e6150705900", "Snappy, compressed"],
  ["4f626a01", "Avro file"],
  ["50415231", "Parquet file"],
  ["aced0005", "Java object, serialized"],
  ["00................", "Avro or Protobuf with a schema's number (schema registry)"],
];
const HEAD_BYTES = 16;
/** A text inside of a message is taken for bytes only above this, unless its format is known: shorter ones are ids and hashes. */
const CHARS_MIN = 256;
const KNOWN_CHARS_MIN = 24;
// A payload that is nothing but hex was bytes.
const ROOT_CHARS_MIN = 16;

const HEX = /^(?:[0-9a-f]{2})+$/i;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function bytesOf(text: string): Uint8Array | null {
  const hex = text.startsWith("\\x") ? text.slice(2) : text;
  if (hex.length >= ROOT_CHARS_MIN && HEX.test(hex))
    return Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
  if (text.length >= KNOWN_CHARS_MIN && BASE64.test(text)) return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  return null;
}

const hexOf = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

function formatOf(bytes: Uint8Array): string | null {
  const head = hexOf(bytes.slice(0, HEAD_BYTES));
  return magics.find(([magic]) => new RegExp(`^${magic}`).test(head))?.[1] ?? null;
}

/** Bytes as the text that they are; null where they are none. */
function textOf(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a text for people has none but these.
    return /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text) ? null : text;
  } catch {
    return null;
  }
}

/** A whole payload that is kept as bytes and says a text, such as JSON in a bytea: that text. Null for every other payload. */
export function textOfBytes(payload: string): string | null {
  const bytes = bytesOf(payload);
  return bytes === null || !isBytes(payload, bytes, ROOT_CHARS_MIN, true) ? null : textOf(bytes);
}

/** A payload that is nothing but a text of JSON: that text. Null for every other. */
export function rootText(payload: string): string | null {
  if (!payload.startsWith('"')) return null;
  try {
    const root: unknown = JSON.parse(payload);
    return typeof root === "string" ? root : null;
  } catch {
    return null;
  }
}

/** A payload as JSON in text; one that is bytes which say a text is read as that, before anything of it is masked. */
export function decoded(payload: string): string {
  const root = rootText(payload);
  return root === null ? payload : (textOfBytes(root) ?? payload);
}

/** What a text inside of a message is when it is bytes; null when it is a text. `root`: it is the whole payload. */
export function binaryOf(text: string, { root, masked }: { root: boolean; masked: boolean }): Binary | null {
  const bytes = bytesOf(text);
  if (bytes === null || !isBytes(text, bytes, CHARS_MIN, root)) return null;
  const format = formatOf(bytes);
  if (format === null && textOf(bytes) !== null) return null;
  const head = masked ? null : hexOf(bytes.slice(0, HEAD_BYTES)).replace(/..(?!$)/g, "$& ");
  return { $binary: format ?? "Bytes of no known format", bytesN: bytes.length, head };
}

function isBytes(text: string, bytes: Uint8Array, charsMin: number, root: boolean): boolean {
  if (text.startsWith("\\x")) return true;
  if (root && HEX.test(text)) return true;
  const format = formatOf(bytes);
  // One byte alone is a sign of little.
  const isKnown = format !== null && !format.startsWith("Avro or");
  // Words without blanks are of its letters too; what was bytes has all kinds of them.
  return isKnown
    ? text.length >= KNOWN_CHARS_MIN
    : text.length >= charsMin && [/[a-z]/, /[A-Z]/, /\d/].every((kind) => kind.test(text));
}
