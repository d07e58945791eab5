"use client";
import { useSilence } from "@/components/live/silence";
import { staleLimits, useStaleness } from "@/components/live/staleness";
import { refreshInterval } from "@/components/live/tab";
import { Banner } from "@/components/ui/banner";
import { ButtonLink } from "@/components/ui/button";
import { clockText, durationText } from "@/components/ui/format";

/** Nothing was measured for over a minute: says since when, on every screen. */
export function StaleBanner() {
  const { asOf, ageMs, measuring } = useStaleness();
  const chosen = refreshInterval.use();
  // What is measured is not known while nothing answers, and the note of that says how old everything is.
  const silent = useSilence() !== null;
  if (silent || asOf === null || ageMs === null || ageMs <= staleLimits.bannerAfterMs) return null;
  // Accord measured when it was asked; this browser has not asked since, or had no answer.
  if (measuring)
    return (
      <Banner
        look="at_risk"
        className="mb-4"
        title={`${chosen === "off" ? "Refresh is off." : "Accord does not answer."} Everything below is from ${clockText(asOf)}, ${durationText(ageMs)} ago.`}
      >
        Verdicts are frozen and read “was”.
      </Banner>
    );
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
