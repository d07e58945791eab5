"use client";
import { OpenCaseButton } from "@/components/cases/open-case";
import { useFrozen } from "@/components/live/staleness";
import { VerdictGlyph } from "@/components/ui/glyph";
import { Sentence } from "@/components/ui/sentence";
import type { ZoneView } from "@/lib/zones/views";
import { promiseWords, shownVerdict } from "./words";
import { ZoneVerdict } from "./zone-verdict";

/** The zone's name, its verdict and since when, and what is true. */
export function ZoneHead({ view }: { view: ZoneView }) {
  const { zone, now } = view;
  const { verdict, was } = shownVerdict(zone, useFrozen());
  return (
    <>
      <div className="mb-2 flex flex-wrap items-center gap-2.5">
        <VerdictGlyph verdict={verdict} was={was} size={20} className="max-md:hidden" />
        <h1 className="text-22 font-semibold tracking-title">{zone.title}</h1>
        <ZoneVerdict zone={zone} now={now} />
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
