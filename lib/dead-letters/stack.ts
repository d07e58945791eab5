/** One call of a stack: the function's name, its file without folders where the name alone would not do, and whether it is the service's own code. */
export type Frame = { text: string; name: string; file: string | null; own: boolean };

// What is longer is a loop that called itself, and its beginning says so.
const STACK_MAX = 64_000;
const LINE_MAX = 1_000;
const FRAMES_MAX = 60;

/** Frames of a stack as they were written, without the message that stands before them. V8, the JVM, .NET, Python and Go. */
export const framesOf = (stack: string): string[] => linesOf(stack).slice(0, FRAMES_MAX);

/** Frames of a stack, the innermost call first: Python writes it last. */
export function framesIn(stack: string): Frame[] {
  const frames = linesOf(stack).map(frameOf);
  const python = frames.length > 0 && frames[0]!.text.startsWith("File ");
  return python ? frames.reverse() : frames;
}

const FRAME = /^at\s+\S|^File\s"|^[\w./*()[\]{},-]+\(.{0,300}\)$|^\S+\.go:\d+/;

function linesOf(stack: string): string[] {
  const lines = stack
    .slice(0, STACK_MAX)
    .split("\n")
    .map((line) => line.slice(0, LINE_MAX).trim());
  const go = lines.some((line) => /\.go:\d+/.test(line));
  return lines.filter((line, i) => (go ? isGoFrame(line, lines[i + 1]) : FRAME.test(line) && !/^\S+\(/.test(line)));
}

// A function's line stands over that of its file; `created by` names who started it, which is no call.
const isGoFrame = (line: string, next: string | undefined): boolean =>
  /^[^\s]+\(.*\)$/.test(line) && next !== undefined && /\.go:\d+/.test(next);

// Libraries, runtimes, and the kit of the example estate, which plays a framework's part there.
const FRAMEWORK = new RegExp(
  [
    "node_modules|node:|/\\.yarn/|\\(native\\)|\\(index \\d+\\)|^at (async )?Promise\\.|^at <anonymous>|\\(<anonymous>\\)|\\bdemo/kit/",
    "^at ([\\w.]*/{1,2})?(java|javax|jakarta|jdk|sun|com\\.sun|kotlin|kotlinx|scala|akka|groovy|reactor|io\\.netty|io\\.micrometer|org\\.(apache|springframework|hibernate|postgresql|jboss|eclipse|junit|reactivestreams)|com\\.(fasterxml|zaxxer|google|mysql))\\.",
    "^at (System|Microsoft|Npgsql|MassTransit|Wolverine|NServiceBus|DotNetCore\\.CAP|Newtonsoft|Polly|Dapper)\\.",
    "site-packages|dist-packages|/lib/python\\d|<frozen ",
    "^(runtime|net|net/http|reflect|database/sql|encoding/\\w+|sync|context|google\\.golang\\.org|golang\\.org)[./]|^panic\\(|^testing\\.",
  ].join("|"),
);

function frameOf(text: string): Frame {
  const own = !FRAMEWORK.test(text);
  const python = /^File "([^"]{1,500})"(?:, line \d+)?(?:, in (.{1,200}))?/.exec(text);
  if (python) return { text, name: (python[2] ?? "").trim(), file: fileName(python[1]!), own };
  if (!text.startsWith("at ")) return { text, name: withoutArguments(text), file: null, own };
  const call = text.replace(/^at\s+(async\s+)?/, "");
  const name = withoutArguments(call.replace(/^[\w.@-]*\/{1,2}(?=[\w$]+\.)/, ""));
  // `at /app/src/handler.ts:42:7` has no name but its file.
  if (/^(file:|[/\\]|[A-Za-z]:[/\\])/.test(call)) return { text, name: fileName(call), file: null, own };
  return { text, name, file: name.includes("<anonymous>") ? fileIn(call) : null, own };
}

// Of a Go method `pkg.(*Type).Method(0xc000, ...)` the last brackets hold the arguments, of all others the first.
const withoutArguments = (call: string): string =>
  /\(\*/.test(call) ? call.replace(/\([^()]*\)$/, "") : call.replace(/\s*\(.*$/, "").replace(/ in \S+:line \d+$/, "");

const fileIn = (call: string): string | null => {
  const place = /\(([^()]{1,500})\)$/.exec(call)?.[1];
  return place === undefined ? null : fileName(place);
};

const fileName = (place: string): string =>
  place
    .replace(/(:\d+){1,2}\)?$/, "")
    .replace(/[?#].*$/, "")
    .split(/[/\\]/)
    .at(-1)!;
