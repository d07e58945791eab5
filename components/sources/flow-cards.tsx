"use client";
import { cn } from "@/components/ui/cn";
import { countText } from "@/components/ui/format";
import { VerdictGlyph } from "@/components/ui/glyph";
import { Link } from "@/components/ui/link";
import { Panel } from "@/components/ui/panel";
import { toneClass, verdictTone } from "@/components/ui/tone";
import type { Instant } from "@/lib/time";
import { kindWords, LastMessage, lineId } from "./flow-table";
import { OldestWaiting } from "./oldest-waiting";
import { type FlowLine, flowLook, flowWord, rateText, sourceHref } from "./words";

const calm = (line: FlowLine): boolean => line.state === "works" || line.state === "idle";

/** The same on a phone: who needs somebody as cards, the others as rows. */
export function FlowCards({ lines, now, frozen }: { lines: FlowLine[]; now: Instant; frozen: boolean }) {
  const parts: [string, FlowLine[]][] = [
    ["Needs attention", lines.filter((line) => !calm(line))],
    ["Keep up", lines.filter(calm)],
  ];
  return parts.map(
    ([title, members]) =>
      members.length > 0 && (
        <section key={title}>
          <h2 className="mt-4.5 mb-1.5 text-12 text-ink-3">{title}</h2>
          <Panel className="overflow-hidden">
            <ul>
              {members.map((line) => (
                <li key={lineId(line)} className="border-b last:border-b-0">
                  {calm(line) ? <Calm line={line} now={now} frozen={frozen} /> : <Card line={line} now={now} frozen={frozen} />}
                </li>
              ))}
            </ul>
          </Panel>
        </section>
      ),
  );
}

type Props = { line: FlowLine; now: Instant; frozen: boolean };

function Card({ line, now, frozen }: Props) {
  const { verdict } = flowLook[line.state];
  return (
    <Link href={sourceHref(line.sourceId)} className={cn("block px-3.5 py-3", toneClass[verdictTone[verdict]])}>
      <span className="mb-1.5 flex items-center gap-2">
        <VerdictGlyph verdict={verdict} was={frozen && verdict !== "unknown"} />
        <span className="min-w-0 truncate text-14 font-semibold">{line.name}</span>
        <span className="ml-auto flex-none text-12 font-semibold text-fg">{flowWord(line.state, frozen)}</span>
      </span>
      <OldestWaiting line={line} now={now} frozen={frozen} />
      <span className="mt-2 flex flex-wrap gap-x-3.5 text-12 text-ink-3">
        <span>{kindWords(line)}</span>
        <span>
          <b className="text-ink">{line.waitingN === null ? "–" : countText(line.waitingN)}</b> waiting
        </span>
        <span>
          last <LastMessage line={line} now={now} />
        </span>
      </span>
    </Link>
  );
}

function Calm({ line, now, frozen }: Props) {
  const { verdict } = flowLook[line.state];
  return (
    <Link
      href={sourceHref(line.sourceId)}
      className="grid min-h-11 grid-cols-[16px_minmax(0,1fr)_auto] items-center gap-2.5 px-3.5"
    >
      <VerdictGlyph verdict={verdict} was={frozen} labelled />
      <span className="truncate">
        {line.name} <span className="text-12 text-ink-3">{kindWords(line)}</span>
      </span>
      <span className="text-12 text-ink-3">
        {line.kind === "none" ? (
          ""
        ) : line.perMinute ? (
          `${rateText(line.perMinute)} a minute`
        ) : (
          <LastMessage line={line} now={now} />
        )}
      </span>
    </Link>
  );
}
