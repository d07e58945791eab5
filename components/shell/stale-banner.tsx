"use client";
import { Banner } from "@/components/ui/banner";
import { ButtonLink } from "@/components/ui/button";
import { clockText, durationText } from "@/components/ui/format";
import { limits, useStaleness } from "./freshness";

/** Whether verdicts are frozen and read "was". */
export function useFrozen(): boolean {
  const { ageMs } = useStaleness();
  return ageMs !== null && ageMs > limits.bannerAfterMs;
}

/** Nothing was measured for over a minute: says since when, on every screen. */
export function StaleBanner() {
  const { asOf, ageMs } = useStaleness();
  if (asOf === null || ageMs === null || ageMs <= limits.bannerAfterMs) return null;
  return (
    <Banner
      look="at_risk"
      className="mb-4"
      title={`Accord is not measuring. Everything below is from ${clockText(asOf)}, ${durationText(ageMs)} ago.`}
      actions={
        <ButtonLink href="/sources" size="sm">
          Source status
        </ButtonLink>
      }
    >
      Messages may still flow, but we cannot see them: verdicts are frozen and read “was”.
    </Banner>
  );
}
