"use client";
import { useRouter } from "next/navigation";
import { cn } from "@/components/ui/cn";
import { useRowCursor } from "@/components/ui/cursor";
import { VerdictGlyph } from "@/components/ui/glyph";
import { useHeldOrder } from "@/components/ui/held-order";
import { Link } from "@/components/ui/link";
import { ageText, useAge } from "@/components/ui/live-age";
import { MovedNote } from "@/components/ui/moved-note";
import { Table, Td, Th } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import { WindowBar } from "@/components/ui/window-bar";
import type { DivergenceRow } from "@/lib/reconciliation/views";
import { detailWords, resolutionWords } from "@/lib/reconciliation/words";
import type { Instant } from "@/lib/time";
import { listed } from "@/lib/words";
import { KindGlyph } from "./kind-glyph";

export const divergenceHref = (divergenceId: string): string => `/divergences/${encodeURIComponent(divergenceId)}`;

type Props = { divergences: DivergenceRow[]; now: Instant; withZone: boolean };

/** Divergences, each with how it differs, where, and its age against the window; a row opens it. */
export function DivergenceTable({ divergences, now, withZone }: Props) {
  const router = useRouter();
  const { rows, movedN, release, hover } = useHeldOrder(divergences, (one) => one.divergenceId);
  const cursor = useRowCursor(
    rows.map((one) => one.divergenceId),
    (id) => router.push(divergenceHref(id)),
  );
  return (
    <div className="relative" {...hover}>
      <MovedNote movedN={movedN} what={movedN === 1 ? "divergence" : "divergences"} release={release} />
      <Table className="md:min-w-225">
        <thead>
          <tr>
            <Th>Key</Th>
            <Th className="max-md:hidden">What differs</Th>
            <Th className="max-md:hidden">Authority → projection</Th>
            {withZone && <Th className="max-md:hidden">Zone</Th>}
            <Th className="w-42.5">Age against the window</Th>
            <Th num className="max-md:hidden">
              Seen
            </Th>
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <Row key={one.divergenceId} one={one} now={now} withZone={withZone} atCursor={cursor.id === one.divergenceId} />
          ))}
        </tbody>
      </Table>
    </div>
  );
}

function Row({ one, now, withZone, atCursor }: { one: DivergenceRow; now: Instant; withZone: boolean; atCursor: boolean }) {
  const router = useRouter();
  const href = divergenceHref(one.divergenceId);
  const detail = one.detail && detailWords[one.detail];
  return (
    <tr
      data-row={one.divergenceId}
      onClick={() => router.push(href)}
      className={cn("cursor-pointer hover:bg-hover", atCursor && "bg-selected")}
    >
      <Td className={cn("h-row", atCursor && "shadow-cursor")}>
        <Link href={href} onClick={(event) => event.stopPropagation()} className="mono font-medium hover:underline">
          {one.key}
        </Link>
        <p className="text-12 text-ink-3 md:hidden">
          <KindGlyph kind={one.kind} detail={detail} />
        </p>
        {one.caseId && (
          <Link
            href={`/cases/${one.caseId}`}
            onClick={(event) => event.stopPropagation()}
            className="link mono ml-2 whitespace-nowrap text-12"
          >
            CASE-{one.caseId}
          </Link>
        )}
        {one.explainedBy && <p className="text-12 text-ink-3">{one.explainedBy}</p>}
      </Td>
      <Td className="max-md:hidden">
        <KindGlyph kind={one.kind} detail={detail} />
        {one.kind === "mismatch" && <p className="mono text-12 text-ink-2">{listed(one.columns)}</p>}
      </Td>
      <Td className="max-md:hidden">
        <span className="whitespace-nowrap">
          {one.authority && one.projection ? `${one.authority.service} → ${one.projection.service}` : "the rule is gone"}
        </span>
        <p className="mono text-12 text-ink-3">{one.rule}</p>
      </Td>
      {withZone && (
        <Td className="max-md:hidden">
          <span className="flex items-center gap-1.5 whitespace-nowrap text-12">
            <VerdictGlyph verdict={one.zone.verdict} size={14} labelled />
            {one.zone.title}
          </span>
        </Td>
      )}
      <Td>
        <Age one={one} now={now} />
      </Td>
      <Td num className="text-12 text-ink-3 max-md:hidden">
        {one.seenN.toLocaleString("en-US")}×, <When at={one.firstSeenAt} now={now} />
      </Td>
    </tr>
  );
}

function Age({ one, now }: { one: DivergenceRow; now: Instant }) {
  const ms = useAge(one.since, now);
  if (one.state === "resolved")
    return (
      <span className="text-12 text-ink-2">
        {one.resolution && (one.resolution === "converged" ? "Converged" : resolutionWords[one.resolution])}
        {one.resolvedAt !== null && (
          <>
            {" "}
            <When at={one.resolvedAt} now={now} className="text-ink-3" />
          </>
        )}
      </span>
    );
  const share = one.windowMs === 0 ? null : ms / one.windowMs;
  const past = share !== null && share > 1;
  const counts = one.state === "open";
  return (
    <div className={past && counts ? "v-breach" : "v-conv"}>
      <span className={cn("whitespace-nowrap", past && counts && "font-semibold text-fg")}>{ageText(ms)}</span>
      {one.state === "accepted" && one.acceptedUntil !== null && (
        <span className="text-12 text-ink-3">
          , accepted until <When at={one.acceptedUntil} now={now} />
        </span>
      )}
      <WindowBar share={share} tone={past && counts ? "breach" : "conv"} quiet={!counts} className="mt-1" />
    </div>
  );
}
