"use client";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { Sparkbars } from "@/components/charts/sparkline";
import { cn } from "@/components/ui/cn";
import { VerdictGlyph } from "@/components/ui/glyph";
import { Link } from "@/components/ui/link";
import { LiveAgo } from "@/components/ui/live-age";
import { Count, Table, Td, Th } from "@/components/ui/table";
import { toneClass, verdictTone } from "@/components/ui/tone";
import type { Instant } from "@/lib/time";
import { OldestWaiting } from "./oldest-waiting";
import type { Order } from "./order";
import type { useOrder } from "./use-order";
import { type FlowLine, flowLook, flowWord, isUnrecorded, rateText, sourceHref } from "./words";

const widths = ["w-72", "w-21", "w-59", "w-30", "w-21", "w-26", "w-18"];

export const lineId = (line: FlowLine): string => `${line.sourceId}/${line.kind}/${line.name}`;

type Props = { lines: FlowLine[]; now: Instant; frozen: boolean; cursor: string | null; by: ReturnType<typeof useOrder> };

/** How messages go through each consumer and each outbox: who is stopped, how much waits, since when. */
export function FlowTable({ lines, now, frozen, cursor, by }: Props) {
  return (
    <Table className="min-w-232 table-fixed">
      <colgroup>
        {widths.map((width, i) => (
          <col key={i} className={width} />
        ))}
      </colgroup>
      <thead>
        <tr>
          <Head by={by} order="name" turnedIs="descending" usual="ascending">
            Consumer or outbox
          </Head>
          <Head by={by} order="waiting" num>
            Waiting
          </Head>
          <Head by={by} order="oldest">
            Oldest waiting
          </Head>
          <Head by={by} order="last">
            Last message
          </Head>
          <Head by={by} order="rate" num>
            A minute
          </Head>
          <Th>Last 2 h</Th>
          <Head by={by} order="parked" num>
            Parked
          </Head>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <Line key={lineId(line)} line={line} now={now} frozen={frozen} atCursor={cursor === lineId(line)} />
        ))}
      </tbody>
    </Table>
  );
}

type HeadProps = {
  by: Props["by"];
  order: Order;
  num?: boolean;
  usual?: "ascending" | "descending";
  turnedIs?: "ascending" | "descending";
  children: ReactNode;
};

/** A head that orders the table by its column; pressed again, the other way round. */
function Head({ by, order, num = false, usual = "descending", turnedIs = "ascending", children }: HeadProps) {
  const is = by.order === order;
  return (
    <Th num={num} aria-sort={is ? (by.turned ? turnedIs : usual) : undefined}>
      <button
        type="button"
        onClick={() => by.press(order)}
        className={cn("-mx-1 rounded-bar px-1 hover:text-ink", is && "font-semibold text-ink")}
      >
        {children}
        <span aria-hidden="true" className="inline-block w-3 text-center">
          {is ? ((by.turned ? turnedIs : usual) === "descending" ? "↓" : "↑") : ""}
        </span>
      </button>
    </Th>
  );
}

type LineProps = { line: FlowLine; now: Instant; frozen: boolean; atCursor: boolean };

function Line({ line, now, frozen, atCursor }: LineProps) {
  const router = useRouter();
  const { verdict } = flowLook[line.state];
  const bad = line.state === "stopped";
  const cell = cn("h-row py-0", bad && "bg-breach-tint");
  return (
    <tr
      data-row={lineId(line)}
      onClick={() => router.push(sourceHref(line.sourceId))}
      className={cn("group cursor-pointer", toneClass[verdictTone[verdict]])}
    >
      <Td className={cn(cell, atCursor && "shadow-cursor", "group-hover:bg-hover", bad && "group-hover:bg-breach-tint")}>
        <Name line={line} frozen={frozen} />
      </Td>
      <Td num className={cell}>
        <Count n={line.waitingN} className={bad ? "font-semibold text-fg" : ""} />
      </Td>
      <Td className={cn(cell, "pr-dialog-x")}>
        <OldestWaiting line={line} now={now} frozen={frozen} />
      </Td>
      <Td className={cn(cell, "text-12 text-ink-2")}>
        <LastMessage line={line} now={now} />
      </Td>
      <Td num className={cell}>
        <Count
          n={line.kind === "none" || line.state === "unseen" || isUnrecorded(line) ? null : line.perMinute}
          text={rateText(line.perMinute ?? 0)}
        />
      </Td>
      <Td className={cell}>{line.trend.length > 0 && <Sparkbars values={line.trend} className="text-ink-3" />}</Td>
      <Td num className={cell}>
        {line.kind === "consumer" && <Parked line={line} />}
      </Td>
    </tr>
  );
}

function Name({ line, frozen }: { line: FlowLine; frozen: boolean }) {
  const { verdict } = flowLook[line.state];
  return (
    <div className="flex items-start gap-2.5">
      <VerdictGlyph verdict={verdict} was={frozen && verdict !== "unknown"} size={20} className="mt-px" />
      <div className="min-w-0">
        <Link
          href={sourceHref(line.sourceId)}
          onClick={(event) => event.stopPropagation()}
          className="block truncate font-semibold hover:underline"
        >
          {line.name}
        </Link>
        <div className="truncate text-12 text-ink-3">
          <span className={cn("font-semibold", frozen ? "text-ink-2" : "text-fg")}>{flowWord(line.state, frozen)}</span> ·{" "}
          {kindWords(line)}
        </div>
      </div>
    </div>
  );
}

/** What a line is, beside its name. */
export const kindWords = ({ kind, service, name }: FlowLine): string =>
  kind === "outbox"
    ? "outbox"
    : kind === "none"
      ? "no messages by contract"
      : name === service
        ? "consumer"
        : `consumer of ${service}`;

/** When it last published or processed anything. */
export function LastMessage({ line, now }: { line: FlowLine; now: Instant }) {
  if (line.kind === "none") return <span className="text-ink-3">–</span>;
  if (isUnrecorded(line)) return <span className="text-ink-3">not recorded</span>;
  if (line.perMinute === null) return <span className="text-ink-3">not counted</span>;
  if (line.lastAt === null) return <span className="text-ink-3">not in the last 2 h</span>;
  return <LiveAgo at={line.lastAt} asOf={now} />;
}

const Parked = ({ line }: { line: FlowLine }) => (
  <Link
    href={`/dead-letters?q=${encodeURIComponent(`consumer:${line.name}`)}`}
    onClick={(event) => event.stopPropagation()}
    className="hover:underline"
  >
    <Count n={line.parkedN} />
  </Link>
);
