import { diffLines } from "diff";
import { ScrollRegion } from "./scroll-region";

type Sign = "+" | "-" | " ";
type Change = { text: string; sign: Sign } | { left: number };

const tint: Record<Sign, string> = { "+": "bg-ok-tint text-ok-fg", "-": "bg-breach-tint text-breach-fg", " ": "" };
// Around a change so much of what stays is shown; less than a line more is not worth a gap.
const AROUND = 3;

type Props = {
  label: string;
  before: string;
  after: string /** Leaves out what is far from any change. */;
  folded?: boolean;
  className?: string;
};

/** What changed from one text to another, line by line; a sign says what the colour says. */
export function Changes({ label, before, after, folded = false, className = "max-h-140" }: Props) {
  const changes = changesOf(before, after, folded);
  return (
    <ScrollRegion label={label} className={`overflow-auto py-3 font-mono text-12 leading-4.5 ${className}`}>
      <ol>
        {changes.map((change, i) =>
          "left" in change ? (
            <li key={i} className="px-8 text-ink-3">
              {change.left} lines as they were
            </li>
          ) : (
            <li key={i} className={`flex w-max min-w-full whitespace-pre pr-3.5 ${tint[change.sign]}`}>
              <span className="w-8 flex-none select-none text-center text-ink-3">
                {change.sign === " " ? "" : change.sign}
                <span className="sr-only">{change.sign === "+" ? "added" : change.sign === "-" ? "removed" : ""}</span>
              </span>
              {change.text}
            </li>
          ),
        )}
      </ol>
    </ScrollRegion>
  );
}

function changesOf(before: string, after: string, folded: boolean): Change[] {
  // A text that ends without a new line differs in its last line from one that goes on.
  const parts = diffLines(`${before}\n`, `${after}\n`);
  return parts.flatMap(({ value, added, removed }, i): Change[] => {
    const sign: Sign = added ? "+" : removed ? "-" : " ";
    const lines = value.replace(/\n$/, "").split("\n");
    const [head, tail] = [i === 0 ? 0 : AROUND, i === parts.length - 1 ? 0 : AROUND];
    const left = lines.length - head - tail;
    const shown = (texts: string[]) => texts.map((text): Change => ({ text, sign }));
    if (!folded || sign !== " " || left <= 1) return shown(lines);
    return [...shown(lines.slice(0, head)), { left }, ...shown(lines.slice(lines.length - tail))];
  });
}
