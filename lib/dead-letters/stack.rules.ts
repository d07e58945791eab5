import { stableName } from "./frame-names.rules";

/** One call of a stack as it was written, its function's name, its file without folders where the name alone would not do, and whether it is the service's own code. */
export type Frame = { text: string; name: string; file: string | null; own: boolean };

// What is longer is a loop that called itself, and its beginning says so.
const STACK_MAX = 64_000;
const LINE_MAX = 1_000;
const FRAMES_MAX = 60;

/** How one language writes a call: the frame that a line is, or null. `next` is the line after it, trimmed; `take` is how many lines it stands on. */
type Family = (line: string, next: string) => { name: string; file?: string | null; own: boolean; text?: string } | null;

const NOT_OWN_JVM =
  /^(?:[\w.]*\/{1,2})?(?:java|javax|jakarta|jdk|sun|com\.sun|kotlin|kotlinx|scala|akka|clojure|groovy|reactor|io\.(?:netty|micrometer|vertx|quarkus|micronaut|smallrye)|org\.(?:apache|springframework|hibernate|postgresql|jboss|eclipse|junit|reactivestreams|axonframework|codehaus)|com\.(?:fasterxml|zaxxer|google|mysql|rabbitmq))\./;
const NOT_OWN_NET =
  /^(?:System|Microsoft|Npgsql|MassTransit|Wolverine|NServiceBus|DotNetCore\.CAP|Newtonsoft|Polly|Dapper|Castle|Rebus|lambda_method)\b/;
// Libraries, runtimes, and the kit of the example estate, which plays a framework's part there.
const NOT_OWN_JS =
  /node_modules|node:|\/\.yarn\/|\(native\)|\(index \d+\)|^(?:async )?Promise\.|^<anonymous>|\(<anonymous>\)|\bdemo\/kit\/|\(accord\b|^accord\./;

/** V8, the JVM and .NET begin a call with `at`. */
const at: Family = (line) => {
  const text = /^at\s+(\S.*)$/.exec(line)?.[1];
  if (text === undefined) return null;
  const call = text.replace(/^async\s+/, "").replace(/\s+~?\[[^\]]{0,200}\]$/, "");
  const own = !NOT_OWN_JS.test(text) && !NOT_OWN_JVM.test(text) && !NOT_OWN_NET.test(text);
  // `at /app/src/handler.ts:42:7` has no name but its file.
  if (/^(?:file:|\.{0,2}[/\\]|[A-Za-z]:[/\\])/.test(call)) return { name: fileName(call), own };
  const name = withoutArguments(call.replace(/^[\w.@-]*\/{1,2}(?=[\w$]+\.)/, "")).replace(/ in \S+:line \d+$/, "");
  const place = /\(([^()]{1,500})\)$/.exec(call)?.[1];
  return { name, file: name.includes("<anonymous>") && place !== undefined ? fileName(place) : null, own };
};

const python: Family = (line) => {
  const found = /^File "([^"]{1,500})"(?:, line \d+)?(?:, in (.{1,200}))?/.exec(line);
  if (!found) return null;
  const own = !/site-packages|dist-packages|\/lib\/python\d|<frozen |<string>/.test(found[1]!);
  return { name: (found[2] ?? "").trim(), file: fileName(found[1]!), own };
};

const ruby: Family = (line) => {
  const found = /^(?:from )?([^\s:'`"][^:'`"]{0,400}):\d+:in [`']([^'\n]{1,200})'/.exec(line);
  if (!found) return null;
  const own = !/\/gems\/|\/ruby\/\d|\/lib\/ruby\/|<internal:|^internal:/.test(line);
  return { name: found[2]!, file: fileName(found[1]!), own };
};

const php: Family = (line) => {
  const found = /^#\d{1,4} (?:(.{1,400}?)\(\d+\)|(\[internal function\])): (.{1,600})$/.exec(line);
  if (!found) return /^#\d{1,4} \{main\}$/.test(line) ? { name: "{main}", own: false } : null;
  const own = found[2] === undefined && !/\/vendor\//.test(found[1]!);
  return { name: withoutArguments(found[3]!), file: found[1] === undefined ? null : fileName(found[1]), own };
};

const NOT_OWN_ELIXIR =
  /^\((?:elixir|stdlib|kernel|ecto\w*|db_connection|postgrex|phoenix\w*|plug\w*|cowboy|bandit|broadway\w*|gen_stage|oban|jason|telemetry|commanded|amqp|ex_unit|mix|iex|logger|tesla|finch|mint)\b/;

const elixir: Family = (line) => {
  const found = /^(?:\([\w]{1,60} [\w.+-]{1,40}\) )?([\w./-]{1,300}\.(?:exs?|erl|eex|heex)):\d+: (.{1,300})$/.exec(line);
  const known = found ?? /^\(()(?:elixir|stdlib|kernel) [\w.+-]{1,40}\) (.{1,300})$/.exec(line);
  if (!known) return null;
  return {
    name: known[2]!.replace(/\((?!\)).*$/s, ""),
    file: found ? fileName(found[1]!) : null,
    own: !NOT_OWN_ELIXIR.test(line),
  };
};

const NOT_OWN_RUST =
  /^<?(?:std|core|alloc|tokio|tokio_\w+|hyper|tower|axum|actix\w*|sqlx\w*|anyhow|eyre|backtrace|futures\w*|tracing\w*|rdkafka|lapin|diesel|serde\w*)::|^(?:rust_begin_unwind|__rust|_start|main|__libc_start|start_thread|clone|__clone|_?_?pthread)|^</;

const rust: Family = (line, next) => {
  const found = /^\d{1,4}:\s+(?:0x[0-9a-f]{1,16} - )?([<A-Za-z_][^\s(].{0,400})$/.exec(line);
  const place = /^at (\S.{0,400}:\d+(?::\d+)?)$/.exec(next)?.[1];
  if (!found || (place === undefined && !found[1]!.includes("::"))) return null;
  const library = place !== undefined && /\/rustc\/|\.cargo\/|\/rustlib\//.test(place);
  const implementation = /^<([\w:]{1,200})(?:<.{0,200}>)? as /.exec(found[1]!)?.[1];
  return {
    text: place === undefined ? line : `${line} at ${place}`,
    name: found[1]!,
    own: !library && !NOT_OWN_RUST.test(implementation === undefined ? found[1]! : `${implementation}::`),
  };
};

const NOT_OWN_GO =
  /^(?:runtime|net|net\/http|reflect|database\/sql|encoding\/\w+|sync|context|errors|fmt|google\.golang\.org|golang\.org|github\.com\/(?:jackc|lib|segmentio|twmb|IBM|Shopify|ThreeDotsLabs|pkg))[./]|^panic\(|^testing\./;

/** Go: a function's line stands over that of its file; `created by` names who started it, which is no call. */
const go: Family = (line, next) => {
  if (!/\.go:\d+/.test(next) || !/^[^\s]+\(.*\)$|^[\w./*()[\]{}-]+\.[\w.()*-]+$/.test(line)) return null;
  return { name: line.replace(/\([^()]*\)$/, (found) => (/^\(\*/.test(found) ? found : "")), own: !NOT_OWN_GO.test(line) };
};

const perl: Family = (line) => {
  const found = /^([\w:]{1,200})\(.{0,600}\) called at (.{1,400}) line \d+\.?$/.exec(line);
  if (!found) return null;
  return { name: found[1]!, file: fileName(found[2]!), own: !/\/perl5?\/|\/usr\/share\/perl/.test(found[2]!) };
};

const families: readonly Family[] = [at, python, ruby, php, elixir, rust, go, perl];

/** Frames of a stack as they were written, without the message that stands before them. V8, the JVM, .NET, Python, Go, Ruby, PHP, Elixir, Rust, Perl. */
export const framesOf = (stack: string): string[] =>
  read(stack)
    .map(({ text }) => text)
    .slice(0, FRAMES_MAX);

/** Frames of a stack, the innermost call first: Python writes it last. */
export function framesIn(stack: string): Frame[] {
  const frames = read(stack);
  if (frames[0]?.text.startsWith("File ")) return frames.reverse();
  // What runs after a panic (hooks, deferred calls) stands above it in stacks of Go and Rust.
  return frames.slice(frames.findLastIndex(({ text }) => PANIC.test(text)) + 1);
}

const PANIC = /^panic\(|^\d+:\s+(?:0x[0-9a-f]+ - )?(?:rust_begin_unwind|core::panicking::|std::panicking::begin_panic)/;

/** Name and file of the first call that is the service's own code, without line numbers and build paths; null when there is none. */
export function topOwnFrame(stack: string): string | null {
  const own = framesIn(stack).find((frame) => frame.own);
  return own
    ? wellFormed([stableName(own.name), own.file && stableName(own.file)].filter(Boolean).join(" ").slice(0, 200))
    : null;
}

/** Text without halves of surrogate pairs, which a cut may leave. */
export const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, "\ufffd");

function read(stack: string): Frame[] {
  const lines = stack
    .slice(0, STACK_MAX)
    .split("\n")
    .map((line) => line.slice(0, LINE_MAX).trim());
  const frames: Frame[] = [];
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    // Most lines of a long message are no calls: what cannot be one is not tried.
    const found = line === "" ? null : first(families, line, lines[i + 1] ?? "");
    if (!found) continue;
    frames.push({ text: line, file: null, ...found });
    // A frame of Rust has its place on a line of its own, which would read as one of V8.
    if (found.text !== undefined && found.text !== line) i++;
  }
  return frames;
}

function first(all: readonly Family[], line: string, next: string): ReturnType<Family> {
  for (const family of all) {
    const found = family(line, next);
    if (found) return found;
  }
  return null;
}

// Arguments of a call stand in its last brackets, those of a name such as `(*Type).Method` belong to it.
const withoutArguments = (call: string): string => call.replace(/\s*\(.*$/, "");

const fileName = (place: string): string =>
  place
    .replace(/(:\d+){1,2}\)?$/, "")
    .replace(/[?#].*$/, "")
    .split(/[/\\]/)
    .at(-1)!;
