"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { Sparkline } from "@/components/charts/sparkline";
import { Loaded } from "@/components/live/loaded";
import { useFrozen } from "@/components/live/staleness";
import { follow } from "@/components/live/tab";
import { Fresh } from "@/components/shell/freshness";
import { StaleBanner } from "@/components/shell/stale-banner";
import { Clock } from "@/components/shell/top-bar";
import { cn } from "@/components/ui/cn";
import { countText } from "@/components/ui/format";
import { VerdictGlyph } from "@/components/ui/glyph";
import { useKeys } from "@/components/ui/keys";
import { Link } from "@/components/ui/link";
import { Sentence } from "@/components/ui/sentence";
import { toneClass, verdictTone } from "@/components/ui/tone";
import { zoneHref } from "@/components/ui/zone-badges";
import type { Instant } from "@/lib/time";
import type { ZoneRow, ZonesView } from "@/lib/zones/views";
import { AgeAgainstWindow } from "./age-against-window";
import { zonesQuery } from "./queries";
import { shownVerdict } from "./words";

/** All zones for a big screen that nobody touches: large, worst first, and it says when it is old. `Esc` leaves. */
export function WallScreen() {
  const router = useRouter();
  const client = useQueryClient();
  useEffect(() => follow(client), [client]);
  useKeys({ Escape: () => router.push("/zones") });
  const query = useQuery(zonesQuery());
  return (
    <main className="min-h-dvh px-8 py-6">
      <Link
        href="/zones"
        className="absolute top-2 left-2 z-50 -translate-y-16 rounded-control bg-ink px-3 py-1.5 text-canvas focus:translate-y-0"
      >
        Leave the wall view
      </Link>
      <StaleBanner />
      <Loaded query={query} what="Zones" headline waiting={null}>
        {(data) => <Wall data={data} />}
      </Loaded>
    </main>
  );
}

function Wall({ data }: { data: ZonesView }) {
  const frozen = useFrozen();
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-x-8 gap-y-3">
        <h1 className="max-w-52ch text-pretty md:flex-1 text-wall tracking-title text-ink-2 [&_.font-semibold]:font-medium">
          <Sentence parts={data.sentence.map(({ href: _, ...part }) => part)} />
        </h1>
        <div className="flex flex-none flex-col gap-1 text-18 md:items-end">
          <span className="text-wall">
            <Clock />
          </span>
          <Fresh />
        </div>
      </div>
      {data.zones.length === 0 ? (
        <p className="mt-8 text-22 text-ink-2">No contract yet.</p>
      ) : (
        <ul className="mt-6 grid grid-cols-[repeat(auto-fill,minmax(min(100%,340px),1fr))] gap-4">
          {data.zones.map((zone) => (
            <Tile key={zone.zoneId} zone={zone} now={data.now} frozen={frozen} />
          ))}
        </ul>
      )}
    </>
  );
}

function Tile({ zone, now, frozen }: { zone: ZoneRow; now: Instant; frozen: boolean }) {
  const { verdict, was, word } = shownVerdict(zone, frozen);
  const facts: [number | null, string][] = [
    [zone.keysN, "open"],
    [zone.parkedN, "parked"],
    [zone.divergencesN, "differ"],
    [zone.casesN, zone.casesN === 1 ? "case" : "cases"],
  ];
  return (
    <li
      className={cn(
        "rounded-panel border bg-surface p-5 shadow-panel",
        toneClass[verdictTone[verdict]],
        (verdict === "breached" || verdict === "at_risk") && "border-edge bg-tint",
      )}
    >
      <div className="mb-3 flex items-center gap-3">
        <VerdictGlyph verdict={verdict} was={was} size={20} className="size-8" />
        <Link href={zoneHref(zone.zoneId)} className="min-w-0 flex-1 truncate text-22 font-semibold">
          {zone.title}
        </Link>
        <span className="text-18 font-semibold text-fg">{word}</span>
      </div>
      <div className="text-18 [&_span]:text-18!">
        <AgeAgainstWindow zone={zone} verdict={verdict} now={now} frozen={frozen} />
      </div>
      <div className="mt-4 flex flex-wrap items-center gap-x-5 gap-y-1 text-15 text-ink-3">
        {facts.map(([n, word]) => (
          <span key={word}>
            <b className="text-22 text-ink">{n === null ? "–" : countText(n)}</b> {word}
          </span>
        ))}
      </div>
      <div className="mt-3 flex items-center justify-between gap-3 text-15 text-ink-3">
        Lag, 30 min
        <Sparkline points={zone.processingTrend} windowMs={zone.windowMs} color="var(--ink-2)" strong dotted={frozen} />
      </div>
    </li>
  );
}
