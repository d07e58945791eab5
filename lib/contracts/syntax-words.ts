import type { YAMLParseError, YAMLWarning } from "yaml";

// The parser's own messages quote the text, which may hold a password; these never do.
const words: Partial<Record<YAMLParseError["code"] | YAMLWarning["code"], string>> = {
  TAB_AS_INDENT: "Expected spaces, found a tab; YAML is indented by spaces only.",
  BAD_INDENT: "Expected the indentation of the lines that belong together, or a closing bracket or brace before, found neither.",
  MULTIPLE_DOCS: "Expected one document in a file, found the start of a second one (---).",
  MISSING_CHAR: "Expected a closing quote, bracket or brace, a comma or a colon, found none.",
  UNEXPECTED_TOKEN: "Expected a name, a value or the end of the line, found something else; text with : or # needs quotes.",
  BAD_SCALAR_START: "Expected text, found a character that cannot start it (@ or `); put the text in quotes.",
  BLOCK_AS_IMPLICIT_KEY:
    "Expected one `name: value` in a line, found more; a colon needs a space behind it, and text with a colon needs quotes.",
  MULTILINE_IMPLICIT_KEY: "Expected a name and a colon in one line, found a line without a colon.",
  BLOCK_IN_FLOW: "Expected values with commas between braces or brackets, found an indented block.",
  BAD_DQ_ESCAPE: "Expected a known escape in double quotes, found another; a backslash is written \\\\.",
  TAG_RESOLVE_FAILED: "Expected plain YAML, found a tag (!).",
  BAD_COLLECTION_TYPE: "Expected plain YAML, found a tag (!) that does not fit.",
  BAD_DIRECTIVE: "Expected plain YAML, found a directive (%).",
  KEY_OVER_1024_CHARS: "Expected a name of at most 1,024 characters before the colon, found more.",
  NON_STRING_KEY: "Expected a name before the colon, found something that cannot be one.",
  MULTIPLE_ANCHORS: "Expected one anchor (&) at a value, found two.",
  RESOURCE_EXHAUSTION: "Expected a page or two of YAML, found text that nests too deeply.",
  MULTIPLE_TAGS: "Expected plain YAML, found two tags (!).",
};

/** What is wrong with the YAML, in words, by the parser's code. */
export function syntaxWords(code: YAMLParseError["code"] | YAMLWarning["code"]): string {
  return words[code] ?? "Expected valid YAML, found text that cannot be read.";
}
