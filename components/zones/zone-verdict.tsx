"use client";
import { useQuery } from "@tanstack/react-query";
import { useFrozen } from "@/components/live/staleness";
import { VerdictBadge } from "@/components/ui/badge";
import { ageText, useAge } from "@/components/ui/live-age";
import type { Instant } from "@/lib/time";
import type { ZoneRow } from "@/lib/zones/views";
import { zonesQuery } from "./queries";
import { shownVerdict } from "./words";

/** A zone's verdict and since when; when nothing is fresh, the last one with "was". */
export function ZoneVerdict({ zone, now }: { zone: ZoneRow; now: Instant }) {
  const frozen = useFrozen();
  const { verdict, was, word } = shownVerdict(zone, frozen);
  const ms = useAge(zone.verdictSince ?? now, now, frozen);
  return (
    <VerdictBadge verdict={was && verdict !== "breached" ? "unknown" : verdict}>
      {zone.verdictSince === null || was ? word : `${word} for ${ageText(ms)}`}
    </VerdictBadge>
  );
}

/** The heading of a part of a zone: its name, and how it does. */
export function ZoneTitle({ zoneId, title }: { zoneId: string; title: string }) {
  const { data } = useQuery(zonesQuery());
  const zone = data?.zones.find((one) => one.zoneId === zoneId);
  return (
    <div className="flex flex-wrap items-center gap-2.5">
      <h1 className="text-22 font-semibold tracking-title">{title}</h1>
      {data && zone && <ZoneVerdict zone={zone} now={data.now} />}
    </div>
  );
}
