"use client";
import { useQuery } from "@tanstack/react-query";
import { useNow } from "@/components/ui/clock";
import { zonesQuery } from "@/components/zones/queries";
import { type Instant, seconds } from "@/lib/time";

/** Over 30 s the stamp turns amber, over 60 s a banner says what is frozen. */
export const staleLimits = { amberAfterMs: seconds(30), bannerAfterMs: seconds(60) } as const;

/** How old what we see is; null while nothing was ever seen. */
export function useStaleness(): { asOf: Instant | null; ageMs: number | null; measuring: boolean } {
  const { data } = useQuery(zonesQuery());
  const now = useNow();
  if (!data || data.freshness.asOf === null) return { asOf: null, ageMs: null, measuring: false };
  const { asOf } = data.freshness;
  return { asOf, ageMs: Math.max(0, Math.max(now ?? data.now, data.now) - asOf), measuring: data.now - asOf < seconds(15) };
}

/** Whether verdicts are frozen and read "was". */
export function useFrozen(): boolean {
  const { ageMs } = useStaleness();
  return ageMs !== null && ageMs > staleLimits.bannerAfterMs;
}
