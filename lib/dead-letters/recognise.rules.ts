import { chainOf } from "./causes.rules";
import { framesOf, topOwnFrame } from "./stack.rules";
import { templateOf } from "./template.rules";

/** What a pasted text may be in the words of groups: messages and causes with their literals replaced, error types, first own calls. */
export type Recognised = { templates: string[]; causes: string[]; types: string[]; frames: string[] };

const LINES_MAX = 40;
const PARTS_MAX = 6;
const TYPE = /^[A-Za-z_\\][\w.$:\\`[\],/+]{2,200}$/;
const isTelling = (template: string): boolean => template.replace(/<\w+>/g, "").replace(/[^\p{L}]/gu, "").length >= 8;

/** What precedes a message in a log: a line in each of its ways to be read, from the whole of it to what follows its last colon. */
function readingsOf(line: string): { type: string | null; message: string }[] {
  const parts = line.split(/(?<=[^:]:) +|(?<= -) +/);
  const first = Math.max(0, parts.length - PARTS_MAX);
  return parts.flatMap((_, i) => {
    if (i !== 0 && i < first) return [];
    const before = i === 0 ? "" : parts[i - 1]!.trim().replace(/:$/, "").split(/\s/).at(-1)!;
    return [{ type: TYPE.test(before) ? before : null, message: parts.slice(i).join(" ").trim() }];
  });
}

/**
 * Which failures a text may be of: a sentence from a log, or a stack with whatever stands before it. The same rules as the fingerprint's,
 * so that its variable parts may be any others.
 */
export function recognised(text: string): Recognised {
  const { outer, inner } = chainOf(text);
  const frames = [topOwnFrame(outer), inner && topOwnFrame(inner.stack)].filter((frame) => frame !== null);
  const ofFrames = new Set(framesOf(text));
  const lines = text.split("\n").map((line) => line.trim());
  const head = lines.findIndex((line) => ofFrames.has(line));
  // A message may stand on several lines, all of them before the first call.
  const whole = head > 1 ? [lines.slice(0, head).join("\n")] : [];
  const said = [...lines.filter((line) => line !== "" && !ofFrames.has(line)).slice(0, LINES_MAX), ...whole].flatMap(readingsOf);
  const templates = new Set(said.map(({ message }) => templateOf(message)).filter(isTelling));
  const cause = inner && [inner.type, templateOf(inner.message)].filter(Boolean).join(": ").slice(0, 500);
  return {
    templates: [...templates],
    causes: cause ? [cause] : [],
    // Some sources tell a type without its package.
    types: [...new Set(said.flatMap(({ type }) => (type === null ? [] : [type, type.split(/[.\\]/).at(-1)!])))],
    frames,
  };
}
