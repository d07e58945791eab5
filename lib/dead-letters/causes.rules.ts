/** The innermost cause of an error as its stack tells it: its type ("" where the language names none), what it said, and the part of the stack that is its own. */
export type Cause = { type: string; message: string; stack: string };

/** A stack in the part of the error that was caught and that of its innermost cause; null when it names no cause. */
export type Chain = { outer: string; inner: Cause | null };

const STACK_MAX = 64_000;
const TYPE = "[A-Za-z_\\\\][\\w.$:\\\\+`\\[\\],/]{0,200}";

/** A stack taken apart: each language has its own sentence between an error and what caused it. */
export function chainOf(stack: string): Chain {
  const text = stack.slice(0, STACK_MAX);
  for (const read of [pythonGroup, python, php, dotnet, ruby, monolog, causedBy, wrappedBy, node]) {
    const chain = read(text);
    if (chain) return chain;
  }
  return { outer: text, inner: null };
}

function headed(header: string, stack: string): Cause {
  const line = header.trim().slice(0, 2_000);
  const found = new RegExp(`^(${TYPE}?)(?: \\[\\w+\\])?(?::\\s+(.*))?$`, "s").exec(line);
  // A word alone is a type when it is written as one: `Caused by: timeout` is a message.
  if (!found || (found[2] === undefined && !/[.\\A-Z]/.test(found[1]!))) return { type: "", message: line, stack };
  return { type: found[1]!, message: found[2] ?? "", stack };
}

const PYTHON =
  /^(?:The above exception was the direct cause of the following exception|During handling of the above exception, another exception occurred):$/m;

function python(text: string): Chain | null {
  const parts = text.split(PYTHON);
  if (parts.length < 2) return null;
  return { outer: parts.at(-1)!, inner: headed(pythonHeader(parts[0]!), parts[0]!) };
}

/** The line that names the error stands after the last frame and what was on that line of the code. */
function pythonHeader(part: string): string {
  const lines = part.split("\n");
  const last = lines.findLastIndex((line) => /^\s*File "/.test(line));
  return lines.slice(last + 1).find((line) => /^\S/.test(line) && !/^[~^ ]+$/.test(line)) ?? "";
}

/** Python's groups of exceptions: what stands between the first two rules is the first of them. */
function pythonGroup(text: string): Chain | null {
  const found = /^\s*\+-\+-{3,} 1 -{3,}$/m.exec(text);
  if (!found) return null;
  const plain = (part: string) => part.replace(/^[ |+-]*\| ?/gm, "");
  const rest = text.slice(found.index + found[0].length);
  const first = plain(rest.slice(0, /^\s*\+[+-]*-{3,}/m.exec(rest)?.index ?? rest.length));
  return { outer: plain(text.slice(0, found.index)), inner: headed(pythonHeader(first), first) };
}

/** PHP prints the cause first and goes on with `Next`. */
function php(text: string): Chain | null {
  const parts = text.split(/^Next (?=[A-Za-z_\\]+)/m);
  if (parts.length < 2 || !/^#\d+ /m.test(text)) return null;
  return { outer: parts.at(-1)!, inner: headed(withoutPlace(parts[0]!.trim().split("\n", 1)[0]!), parts[0]!) };
}

const withoutPlace = (header: string): string =>
  header.replace(/^(?:PHP )?Fatal error: +Uncaught /, "").replace(/ in \S{1,400}:\d+$/, "");

/** What Monolog writes of an exception before this one. */
function monolog(text: string): Chain | null {
  const parts = text.split(/^\s*\[previous exception\] \[object\] \(/m);
  if (parts.length < 2) return null;
  const inner = parts.at(-1)!;
  const found = new RegExp(`^(${TYPE})\\(code: [^)]{0,40}\\): (.*?) at \\S+:\\d+\\)$`, "m").exec(inner);
  return { outer: parts[0]!, inner: { type: found?.[1] ?? "", message: found?.[2] ?? "", stack: inner } };
}

const DOTNET = new RegExp(`(?:^|\\s)---> (?:\\(Inner Exception #\\d+\\) )?(?=${TYPE}(?::|\\s|$))`, "gm");
const END_OF_INNER = /^\s*--- End of inner exception stack trace ---.*$/gm;

/** .NET: all names first, then the frames of the innermost, each level ended by a line; an aggregate repeats its parts after its own frames. */
function dotnet(text: string): Chain | null {
  const repeated = /^\s*---> \(Inner Exception #\d+\)/m.exec(text)?.index ?? text.length;
  const ends = [...text.matchAll(END_OF_INNER)].filter((end) => end.index < repeated || repeated === 0);
  const stop = ends[0]?.index ?? text.length;
  const arrows = [...text.slice(0, stop).matchAll(DOTNET)];
  const arrow = arrows.at(-1);
  if (!arrow) return null;
  const inner = text.slice(arrow.index + arrow[0].length, stop);
  const last = ends.at(-1);
  const outer = last
    ? text.slice(last.index + last[0].length, Math.max(repeated, last.index + last[0].length))
    : text.slice(0, arrows[0]!.index);
  return { outer, inner: headed(inner.split("\n", 1)[0]!.replace(/<---$/, ""), inner.slice(inner.indexOf("\n") + 1)) };
}

/** The JVM's `Caused by:`, written by loggers of Node too. What was suppressed on the way is indented and is no cause. Rust names causes below it. */
function causedBy(text: string): Chain | null {
  const found = [...text.matchAll(/^([ \t]*)(?:Caused by|caused by|Cause):[ \t]*(.*)$/gm)];
  if (found.length === 0) return null;
  const depth = Math.min(...found.map((each) => each[1]!.length));
  const level = found.filter((each) => each[1]!.length === depth);
  const last = level.at(-1)!;
  const after = text.slice(last.index + last[0].length).replace(/^\n/, "");
  const outer = text.slice(0, level[0]!.index);
  if (last[2]!.trim() !== "") return { outer, inner: headed(last[2]!, after) };
  const causes = rustCauses(after);
  if (causes.length === 0) return null;
  return { outer: outer + after, inner: { type: "", message: causes.at(-1)!, stack: "" } };
}

function rustCauses(after: string): string[] {
  const block = after.split(/\n\s*\n|^\s*(?:Stack backtrace|Location|\s*\d+: 0x)/m, 1)[0]!;
  return block
    .split("\n")
    .filter((line) => /^\s+\S/.test(line) && !line.includes("::"))
    .map((line) => line.trim().replace(/^\d+: /, ""));
}

/** Loggers of the JVM that begin with the root. */
function wrappedBy(text: string): Chain | null {
  const parts = text.split(/^Wrapped by: /m);
  if (parts.length < 2) return null;
  return { outer: parts.at(-1)!, inner: headed(parts[0]!.trim().split("\n", 1)[0]!, parts[0]!) };
}

/** Node prints the causes of an error as properties of it, each within the one before; an aggregate has a list of them. */
function node(text: string): Chain | null {
  const found = [...text.matchAll(/^\s*(?:\[cause\]: |\[errors\]: \[\s*\n\s*)/gm)];
  const last = found.findLast((each) => each[0].includes("[cause]")) ?? found[0];
  if (!last) return null;
  const inner = text.slice(last.index + last[0].length);
  return { outer: text.slice(0, found[0]!.index), inner: headed(inner.split("\n", 1)[0]!.replace(/ \{$/, ""), inner) };
}

const RUBY = /^(?:.{1,400}:\d+:in [`'][^'\n]{1,200}': |.{1,400}:\d+: )(.{0,1000}) \(([A-Z][\w:]{0,200})\)$/gm;

/** Ruby writes the place, what was said and, in brackets, the class; causes follow. */
function ruby(text: string): Chain | null {
  const found = [...text.matchAll(RUBY)];
  const last = found.at(-1);
  if (!last || found.length < 2) return null;
  return { outer: text.slice(0, found[1]!.index), inner: { type: last[2]!, message: last[1]!, stack: text.slice(last.index) } };
}
