const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
const escaped = (step: string) => step.replace(/~/g, "~0").replace(/\//g, "~1");

/** In which line of a JSON text each of its values begins, by JSON Pointer; lines count from 1. */
export function linesOf(text: string): Map<string, number> {
  const lines = new Map<string, number>();
  const open: { at: string; next: string | number; isList: boolean }[] = [];
  let line = 1;
  let from = 0;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    line += text.slice(from, index).split("\n").length - 1;
    from = index;
    const inside = open.at(-1);
    if (token === "}" || token === "]") open.pop();
    else if (token === ",") {
      if (inside) inside.next = inside.isList ? Number(inside.next) + 1 : "";
    } else if (inside && !inside.isList && inside.next === "" && token.startsWith('"')) inside.next = named(token);
    else if (token !== ":") {
      const at = inside ? `${inside.at}/${escaped(plain(inside.next))}` : "";
      lines.set(at, line);
      if (token === "{" || token === "[") open.push({ at, next: token === "[" ? 0 : "", isList: token === "[" });
    }
  }
  return lines;
}

// Told from a name that is waited for, which is "": a field may be called that.
const named = (token: string): string => `.${JSON.parse(token)}`;
const plain = (next: string | number): string => (typeof next === "number" ? String(next) : next.slice(1));

/** The line of the value at a pointer, or of the nearest that holds where it would be. */
export function lineOf(lines: ReadonlyMap<string, number>, pointer: string): number {
  for (let at = pointer; ; at = at.slice(0, Math.max(0, at.lastIndexOf("/")))) {
    const line = lines.get(at);
    if (line !== undefined) return line;
    if (at === "") return 1;
  }
}

const PART =
  /\s*(?:("(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])|([{}[\],:]))/uy;
// What may come next: a value, a name, or what goes on in an object or a list; after an opening bracket also its end.
type Next = "value" | "name" | "colon" | "more";

/** In which line a text stops being JSON; null when it is JSON. Browsers tell it in words of their own, and not always. */
export function brokenLine(text: string): number | null {
  const open: string[] = [];
  let next: Next = "value";
  let opened = false;
  let at = 0;
  // Blanks before what is wrong are no part of it.
  const here = () => text.slice(0, at + /^\s*/.exec(text.slice(at))![0].length).split("\n").length;
  for (;;) {
    if (next === "more" && open.length === 0) return text.slice(at).trim() === "" ? null : here();
    PART.lastIndex = at;
    const part = PART.exec(text);
    if (!part) return here();
    const [, name, plain, sign] = part;
    if (sign === "}" || sign === "]") {
      if (!(next === "more" || (opened && next !== "colon")) || open.pop() !== sign) return here();
      next = "more";
    } else if (next === "value" && (name ?? plain) !== undefined) next = "more";
    else if (next === "value" && (sign === "{" || sign === "[")) {
      open.push(sign === "{" ? "}" : "]");
      next = sign === "{" ? "name" : "value";
    } else if (next === "name" && name !== undefined) next = "colon";
    else if (next === "colon" && sign === ":") next = "value";
    else if (next === "more" && sign === ",") next = open.at(-1) === "}" ? "name" : "value";
    else return here();
    opened = sign === "{" || sign === "[";
    at = PART.lastIndex;
  }
}
