"use client";
import { useQuery } from "@tanstack/react-query";
import { useFrozen } from "@/components/live/staleness";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { useNow } from "@/components/ui/clock";
import { clockText, durationText } from "@/components/ui/format";
import { zonesQuery } from "@/components/zones/queries";
import { limits } from "./refresh-interval";
import { useSilence } from "./silence";
import { refreshNow, tryNow, useTab } from "./tab";

const whyDegraded = {
  degraded: "Accord cannot hear its store at the moment, and keeps trying.",
  replaced: "Newer tabs of this browser have the streams that one session may hold.",
} as const;

/** Says that nothing answers, or that only this tab's stream is away and what happens instead; nothing while it is only blinking. */
export function LiveNote() {
  const { line, tries, lostAt, nextTryAt, why } = useTab();
  const { data } = useQuery(zonesQuery());
  const silentSince = useSilence();
  const ticking = useNow();
  if (ticking === null) return null;
  const now = Date.now();
  const next = nextTryAt === null ? "trying now" : `next try in ${Math.max(0, Math.ceil((nextTryAt - now) / 1_000))} s`;
  if (silentSince !== null) return <Silence since={silentSince} now={now} next={line === "lost" ? next : "it is asked again"} />;
  const lostMs = lostAt === null ? 0 : now - lostAt;
  if (line !== "degraded" && (lostAt === null || lostMs < limits.noteAfterMs)) return null;
  const off = line === "degraded" || tries >= limits.triesMax;
  return (
    <Banner
      look="converging"
      className="mb-4"
      title={
        off ? "Live updates are off; refreshed every 5 s." : `Reconnecting.${data ? ` Showing ${clockText(data.now)}.` : ""}`
      }
      actions={
        <Button size="sm" onClick={tryNow}>
          Try now
        </Button>
      }
    >
      {why ? whyDegraded[why] : `This browser lost its stream ${durationText(lostMs)} ago; ${next}.`}
    </Banner>
  );
}

function Silence({ since, now, next }: { since: number; now: number; next: string }) {
  const frozen = useFrozen();
  const { line } = useTab();
  const again = () => {
    if (line === "lost") tryNow();
    refreshNow();
  };
  return (
    <Banner
      look="at_risk"
      className="mb-4"
      title={`Everything below is from ${clockText(since)}, ${durationText(Math.max(0, now - since))} ago.`}
      actions={
        <Button size="sm" onClick={again}>
          Try now
        </Button>
      }
    >
      Accord cannot be reached from this browser; {next}.{frozen && " Verdicts are frozen and read “was”."}
    </Banner>
  );
}
