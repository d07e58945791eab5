"use client";
import { cn } from "@/components/ui/cn";
import { countText, durationText } from "@/components/ui/format";
import { VerdictGlyph } from "@/components/ui/glyph";
import { Link } from "@/components/ui/link";
import { useAge } from "@/components/ui/live-age";
import { Panel } from "@/components/ui/panel";
import { toneClass, verdictTone, verdictWord } from "@/components/ui/tone";
import { zoneHref } from "@/components/ui/zone-badges";
import { budgetWords } from "@/lib/objectives/words";
import { type Instant, windowWords } from "@/lib/time";
import type { ZoneRow } from "@/lib/zones/views";
import { AgeAgainstWindow } from "./age-against-window";
import { WhyLine } from "./why-line";
import { shownVerdict } from "./words";

type Props = { zones: ZoneRow[]; now: Instant; frozen: boolean };

/** The same on a phone: what needs attention as cards, healthy zones as rows. */
export function ZoneCards({ zones, now, frozen }: Props) {
  const parts: [string, ZoneRow[]][] = [
    ["Needs attention", zones.filter((zone) => ["breached", "at_risk", "unknown"].includes(zone.verdict))],
    ["Converging", zones.filter((zone) => zone.verdict === "converging")],
    ["Healthy", zones.filter((zone) => zone.verdict === "healthy")],
  ];
  return parts.map(
    ([title, members]) =>
      members.length > 0 && (
        <section key={title}>
          <h2 className="mt-4.5 mb-1.5 text-12 text-ink-3">{title}</h2>
          <Panel className="overflow-hidden">
            <ul>
              {members.map((zone) => (
                <li key={zone.zoneId} className="border-b last:border-b-0">
                  {title === "Healthy" ? (
                    <Calm zone={zone} now={now} frozen={frozen} />
                  ) : (
                    <Card zone={zone} now={now} frozen={frozen} />
                  )}
                </li>
              ))}
            </ul>
          </Panel>
        </section>
      ),
  );
}

type CardProps = { zone: ZoneRow; now: Instant; frozen: boolean };

function Card({ zone, now, frozen }: CardProps) {
  const { verdict, was, word } = shownVerdict(zone, frozen);
  const facts: [number | null, string][] = [
    [zone.keysN, "open"],
    [zone.parkedN, "parked"],
    [zone.sagasStuckN, "sagas stuck"],
    [zone.casesN, zone.casesN === 1 ? "case" : "cases"],
  ];
  return (
    <div className={cn("space-y-2 px-3.5 py-3", toneClass[verdictTone[verdict]])}>
      <Link href={zoneHref(zone.zoneId)} className="block">
        <span className="mb-1.5 flex items-center gap-2">
          <VerdictGlyph verdict={verdict} was={was} />
          <span className="text-14 font-semibold">{zone.title}</span>
          <span className="ml-auto text-12 font-semibold text-fg">{word}</span>
        </span>
        <AgeAgainstWindow zone={zone} verdict={verdict} now={now} frozen={frozen} />
        <span className="mt-2 flex flex-wrap gap-x-3.5 text-12 text-ink-3">
          {verdict === "unknown" && zone.silent
            ? zone.was && `was ${verdictWord[zone.was].toLowerCase()} then`
            : facts.map(([n, word]) => (
                <span key={word}>
                  <b className="text-ink">{n === null ? "–" : countText(n)}</b> {word}
                </span>
              ))}
          {zone.objective.budgetLeft !== null && <span className="ml-auto">budget {budgetWords(zone.objective.budgetLeft)}</span>}
        </span>
      </Link>
      {zone.why && <WhyLine why={zone.why} primary={false} />}
    </div>
  );
}

function Calm({ zone, now, frozen }: CardProps) {
  const { verdict, was } = shownVerdict(zone, frozen);
  const ms = useAge(zone.oldest?.since ?? now, now, frozen);
  return (
    <Link href={zoneHref(zone.zoneId)} className="grid min-h-11 grid-cols-[16px_1fr_auto] items-center gap-2.5 px-3.5">
      <VerdictGlyph verdict={verdict} was={was} labelled />
      <span>{zone.title}</span>
      <span className="text-12 text-ink-3">
        {zone.oldest === null ? "none open" : `${durationText(ms)} of ${windowWords(zone.windowMs)}`}
      </span>
    </Link>
  );
}
