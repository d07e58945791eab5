"use client";
import { useRouter } from "next/navigation";
import { SloCell } from "@/components/objectives/slo-cell";
import { cn } from "@/components/ui/cn";
import { VerdictGlyph } from "@/components/ui/glyph";
import { Link } from "@/components/ui/link";
import { Count, Td } from "@/components/ui/table";
import { toneClass, verdictTone, verdictWord } from "@/components/ui/tone";
import { zoneHref } from "@/components/ui/zone-badges";
import type { Instant } from "@/lib/time";
import type { Verdict } from "@/lib/verdicts/rules";
import { counted } from "@/lib/words";
import type { ZoneRow } from "@/lib/zones/views";
import { AgeAgainstWindow } from "./age-against-window";
import { CompensationsOk } from "./compensations-ok";
import { LagCell } from "./lag-cell";
import { WhyLine } from "./why-line";
import { promiseWords, type Shown, shownVerdict } from "./words";

type Props = { zone: ZoneRow; now: Instant; frozen: boolean; atCursor: boolean; columns: number };

/** A zone and, when it needs attention, why. Clicking the row opens the zone; its action opens the cause. */
export function ZoneTableRow({ zone, now, frozen, atCursor, columns }: Props) {
  const router = useRouter();
  const shown = shownVerdict(zone, frozen);
  const { verdict } = shown;
  const breached = verdict === "breached";
  const open = () => router.push(zoneHref(zone.zoneId));
  const cell = cn("h-row py-0", zone.why && "h-13 border-b-0", breached && "bg-breach-tint");
  const edge = cn(atCursor && "shadow-cursor");
  return (
    <>
      <tr data-row={zone.zoneId} onClick={open} className={cn("group cursor-pointer", toneClass[verdictTone[verdict]])}>
        <Td className={cn(cell, edge, "group-hover:bg-hover", breached && "group-hover:bg-breach-tint")}>
          <Name zone={zone} shown={shown} />
        </Td>
        <Td
          className={cn(
            cell,
            "relative pr-dialog-x before:absolute before:inset-y-0 before:left-[calc(10px+(100%-32px)*.6-.5px)] before:border-l before:border-dashed before:border-line-strong",
          )}
        >
          <AgeAgainstWindow zone={zone} verdict={verdict} now={now} frozen={frozen} />
        </Td>
        <Td className={cell}>
          <LagCell zone={zone} verdict={verdict} frozen={frozen} />
        </Td>
        <Counts zone={zone} verdict={verdict} cell={cell} />
        <Td className={cell}>
          <SloCell objective={zone.objective} />
        </Td>
        <Td className={cell}>
          <Owner zone={zone} />
        </Td>
      </tr>
      {zone.why && (
        <tr className={toneClass[verdictTone[verdict]]}>
          <Td colSpan={columns} className={cn("pt-0 pr-3.5 pb-2.5", edge, breached && "bg-breach-tint")}>
            <WhyLine why={zone.why} primary={breached && !frozen} />
          </Td>
        </tr>
      )}
    </>
  );
}

function Name({ zone, shown: { verdict, was, word } }: { zone: ZoneRow; shown: Shown }) {
  return (
    <div className="flex items-start gap-2.5">
      <VerdictGlyph verdict={verdict} was={was} size={20} className="mt-px" />
      <div className="min-w-0">
        <Link
          href={zoneHref(zone.zoneId)}
          onClick={(event) => event.stopPropagation()}
          className="block truncate font-semibold hover:underline"
        >
          {zone.title}
        </Link>
        <div className="line-clamp-2 text-12 text-ink-3">
          <span className={cn("font-semibold", was && verdict !== "breached" ? "text-ink-2" : "text-fg")}>{word}</span>
          {verdict === "unknown" && zone.was && `, was ${verdictWord[zone.was].toLowerCase()}`} · {promiseWords(zone)}
        </div>
      </div>
    </div>
  );
}

function Owner({ zone }: { zone: ZoneRow }) {
  return (
    <>
      <div className="truncate">{zone.owner}</div>
      <div className="truncate text-12 text-ink-3">
        {zone.onCall ?? "nobody on call"}
        {zone.casesN > 0 && (
          <>
            {" · "}
            <Link href={`${zoneHref(zone.zoneId)}/cases`} onClick={(event) => event.stopPropagation()} className="underline">
              {counted(zone.casesN, "case")}
            </Link>
          </>
        )}
      </div>
    </>
  );
}

function Counts({ zone, verdict, cell }: { zone: ZoneRow; verdict: Verdict; cell: string }) {
  const hot = verdict === "breached" ? "font-semibold text-fg" : "";
  return (
    <>
      <Td num className={cell}>
        <Link href={`${zoneHref(zone.zoneId)}/keys`} onClick={(event) => event.stopPropagation()} className="hover:underline">
          <Count n={zone.keysN} className={zone.keysN ? hot : ""} />
        </Link>
      </Td>
      <Td num className={cell}>
        <Link
          href={`/divergences?zone=${encodeURIComponent(zone.zoneId)}`}
          onClick={(event) => event.stopPropagation()}
          className="hover:underline"
        >
          <Count n={zone.divergencesN} className={zone.divergencesN ? hot : ""} />
        </Link>
      </Td>
      <Td num className={cell}>
        <Count n={zone.parkedN} className={zone.parkedN ? hot : ""} />
      </Td>
      <Td num className={cell}>
        <Count n={zone.sagasStuckN} className={zone.sagasStuckN ? hot : ""} />
        <span className="text-ink-3"> / </span>
        <Count n={zone.compensatingN} />
      </Td>
      <Td num className={cell}>
        <CompensationsOk of={zone.compensations} />
      </Td>
    </>
  );
}
