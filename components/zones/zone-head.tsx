"use client";
import { OpenCaseButton } from "@/components/cases/open-case";
import { useFrozen } from "@/components/live/staleness";
import { VerdictBadge } from "@/components/ui/badge";
import { VerdictGlyph } from "@/components/ui/glyph";
import { ageText, useAge } from "@/components/ui/live-age";
import { Sentence } from "@/components/ui/sentence";
import { verdictWord } from "@/components/ui/tone";
import type { ZoneView } from "@/lib/zones/views";
import { promiseWords, shownVerdict } from "./words";

/** The zone's name, its verdict and since when, and what is true. */
export function ZoneHead({ view }: { view: ZoneView }) {
  const { zone, now } = view;
  const frozen = useFrozen();
  const { verdict, was } = shownVerdict(zone, frozen);
  const ms = useAge(zone.verdictSince ?? now, now, frozen);
  const word = was ? `Was ${verdictWord[verdict].toLowerCase()}` : verdictWord[verdict];
  return (
    <>
      <div className="mb-2 flex flex-wrap items-center gap-2.5">
        <VerdictGlyph verdict={verdict} was={was} size={20} className="max-md:hidden" />
        <h1 className="text-22 font-semibold tracking-title">{zone.title}</h1>
        <VerdictBadge verdict={was && verdict !== "breached" ? "unknown" : verdict}>
          {zone.verdictSince === null || was ? word : `${word} for ${ageText(ms)}`}
        </VerdictBadge>
        <span className="text-ink-2">{promiseWords(zone)}</span>
        <span className="ml-auto max-md:hidden">
          <OpenCaseButton zoneId={zone.zoneId} title={zone.title} keyName={view.contract.keyName} />
        </span>
      </div>
      <p className="mb-3.5 min-h-[2lh] max-w-sentence text-pretty text-18 tracking-lead text-ink-2 max-md:text-15">
        <Sentence parts={view.sentence} />
      </p>
    </>
  );
}
