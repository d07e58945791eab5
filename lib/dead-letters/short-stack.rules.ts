import { framesOf } from "./stack.rules";

const STACK_MAX = 3_000;
const FRAMES_KEPT = 12;

/** A stack short enough for an address: everything that was said, and of each run of calls the first. */
export function shortStack(text: string): string {
  if (text.length <= STACK_MAX) return text;
  const frames = new Set(framesOf(text));
  let run = 0;
  const kept = text.split("\n").filter((line) => {
    run = frames.has(line.trim()) ? run + 1 : 0;
    return run <= FRAMES_KEPT;
  });
  return kept.join("\n").slice(0, STACK_MAX);
}
