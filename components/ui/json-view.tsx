import type { ReactNode } from "react";
import { Fragment } from "react";
import { isNumberMark } from "@/lib/json";
import { ScrollRegion } from "./scroll-region";

/** What the server left of a masked value: its shape, in words. */
const maskOf = (value: unknown): string | null => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const keys = Object.keys(value);
  return keys.length === 1 && keys[0] === "$masked" ? String((value as { $masked: unknown }).$masked) : null;
};

/** What the server made of bytes: what they seem to be, how many, and the first of them. */
function binaryOf(value: unknown): { what: string; bytesN: number; head: string | null } | null {
  if (typeof value !== "object" || value === null || !("$binary" in value)) return null;
  const { $binary, bytesN, head } = value as { $binary: unknown; bytesN: unknown; head: unknown };
  return { what: String($binary), bytesN: Number(bytesN), head: typeof head === "string" ? head : null };
}

type Line = { depth: number; parts: ReactNode[] };

const LINES_MAX = 2_000;

/** A value as lines of JSON: keys, strings and numbers coloured, masked values as grey chips. */
function jsonLines(value: unknown): Line[] {
  const lines: Line[] = [];
  const scalar = (item: unknown): ReactNode => {
    if (isNumberMark(item)) return <span className="text-code-num">{item.$number}</span>;
    if (typeof item === "string") return <span className="text-code-str">{JSON.stringify(item)}</span>;
    return <span className="text-code-num">{item === undefined ? "null" : String(item)}</span>;
  };
  const write = (item: unknown, depth: number, lead: ReactNode[], tail: string): void => {
    if (lines.length >= LINES_MAX) return;
    const mask = maskOf(item);
    if (mask !== null) {
      lines.push({ depth, parts: [...lead, <Mask key="mask">{mask}</Mask>, tail] });
      return;
    }
    const binary = binaryOf(item);
    if (binary !== null) {
      lines.push({ depth, parts: [...lead, <Bytes key="bytes" {...binary} />, tail] });
      return;
    }
    if (typeof item !== "object" || item === null || isNumberMark(item)) {
      lines.push({ depth, parts: [...lead, scalar(item), tail] });
      return;
    }
    const list = Array.isArray(item);
    const entries: [string | null, unknown][] = list ? item.map((each) => [null, each]) : Object.entries(item);
    const [open, close] = list ? ["[", "]"] : ["{", "}"];
    if (entries.length === 0) {
      lines.push({ depth, parts: [...lead, open + close + tail] });
      return;
    }
    lines.push({ depth, parts: [...lead, open] });
    entries.forEach(([key, child], i) => {
      const name =
        key === null
          ? []
          : [
              <span key="key" className="text-code-key">
                {JSON.stringify(key)}
              </span>,
              ": ",
            ];
      write(child, depth + 1, name, i < entries.length - 1 ? "," : "");
    });
    lines.push({ depth, parts: [close + tail] });
  };
  write(value, 0, [], "");
  return lines;
}

function Mask({ children }: { children: string }) {
  return (
    <span title="Masked at the server" className="rounded-square bg-sunken px-1 text-ink-3 ring-1 ring-line ring-inset">
      {children}
    </span>
  );
}

function Bytes({ what, bytesN, head }: { what: string; bytesN: number; head: string | null }) {
  return (
    <span className="rounded-square bg-sunken px-1 text-ink-2 ring-1 ring-line ring-inset">
      {what}, {bytesN.toLocaleString("en-US")} bytes{head !== null && `: ${head}${bytesN > 16 ? " …" : ""}`}
    </span>
  );
}

/** JSON with line numbers. Scrolls on its own, so it takes the focus. */
export function JsonView({ value, label }: { value: unknown; label: string }) {
  const lines = jsonLines(value);
  return (
    <ScrollRegion label={label} className="max-h-115 overflow-auto py-3 font-mono text-12 leading-4.5">
      <ol>
        {lines.map((line, i) => (
          <li key={i} className="flex w-max min-w-full pr-3.5">
            <span aria-hidden="true" className="w-10 flex-none select-none pr-3 text-right text-ink-3">
              {i + 1}
            </span>
            <span className="whitespace-pre">
              {"  ".repeat(line.depth)}
              {line.parts.map((part, j) => (
                <Fragment key={j}>{part}</Fragment>
              ))}
            </span>
          </li>
        ))}
      </ol>
      {lines.length >= LINES_MAX && (
        <p className="px-3.5 pt-2 font-sans text-ink-3">Cut after {LINES_MAX.toLocaleString("en-US")} lines.</p>
      )}
    </ScrollRegion>
  );
}
