export type Frame = { text: string; own: boolean; top: boolean };

// The beginnings of what nobody here wrote: runtimes and the frameworks that dispatch messages.
const foreign =
  /^(at )?(async )?(java|javax|jdk|sun|kotlin|scala|akka|org\.(springframework|apache|hibernate|axonframework)|io\.(netty|micronaut|quarkus)|System|Microsoft|Npgsql|Wolverine|DotNetCore\.CAP|MassTransit|node:|accord)\b|\(node:|node_modules|site-packages|<anonymous>/;

/** Frames of a stack, the people's own set apart; `top` is the first of them, where one starts to look. */
export function framesOf(stack: string[], ownTop: string | null): Frame[] {
  const frames = stack.map((line) => ({ text: line.trim(), own: !foreign.test(line.trim()), top: false }));
  const named = ownTop === null ? -1 : frames.findIndex((frame) => frame.text.includes(ownTop));
  const first = named >= 0 ? named : frames.findIndex((frame) => frame.own);
  return frames.map((frame, i) => (i === first ? { ...frame, own: true, top: true } : frame));
}

/** A frame in three pieces, the method in the middle: `at com.acme.`, `Planner.plan`, `(Planner.java:118)`. */
export function framePieces(text: string): [before: string, method: string, after: string] {
  const match = /^(at (?:async |new )?)([^\s(]+)(.*)$/.exec(text);
  if (!match) return ["", text, ""];
  const [, lead, name, after] = match;
  const parts = name!.split(".");
  // A package says less than the class and the method at its end.
  const method = parts.slice(-2).join(".");
  return [lead! + name!.slice(0, name!.length - method.length), method, after!];
}
