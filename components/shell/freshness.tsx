"use client";
import { useQuery } from "@tanstack/react-query";
import { staleLimits, useStaleness } from "@/components/live/staleness";
import { refreshInterval } from "@/components/live/tab";
import { cn } from "@/components/ui/cn";
import { clockText, durationText } from "@/components/ui/format";
import { Link } from "@/components/ui/link";
import { zonesQuery } from "@/components/zones/queries";
import { seconds } from "@/lib/time";

/** "Live, as of 2 s ago": green needs fresh proof. */
export function Fresh({ brief = false }: { brief?: boolean }) {
  const { asOf, ageMs } = useStaleness();
  const chosen = refreshInterval.use();
  const { data, isError, isPending } = useQuery(zonesQuery());
  if (isPending) return <span className="min-w-38 max-md:min-w-16" />;
  const unseen = data !== undefined && data.freshness.sourcesUp === 0;
  const stale = ageMs === null || unseen || isError || ageMs > staleLimits.amberAfterMs + (chosen === "30s" ? seconds(30) : 0);
  const age = ageMs === null ? null : ageMs < 10_000 ? `${Math.round(ageMs / 1_000)} s` : durationText(ageMs);
  const words =
    age === null
      ? isError
        ? "Not connected"
        : "No data yet"
      : brief
        ? `${age} ago`
        : chosen === "off"
          ? `as of ${clockText(asOf!)}, paused`
          : `${stale ? "Stale" : "Live"}, as of ${age} ago`;
  return (
    <span
      className={cn(
        "inline-flex items-center justify-end gap-1.5 whitespace-nowrap",
        !brief && "min-w-38",
        stale && "font-medium text-risk-fg",
      )}
    >
      <span className={cn("size-1.75 rounded-full", stale ? "border-2 border-risk-fill" : "bg-ok-fill")} />
      {words}
    </span>
  );
}

/** How many sources are seen, and whether the configuration is in force. */
export function SourcesUp() {
  const { data } = useQuery(zonesQuery());
  if (!data) return null;
  const { sourcesUp, sourcesAll, configurationProblemsN } = data.freshness;
  return (
    <Link
      href="/sources"
      className={cn("whitespace-nowrap hover:text-ink hover:underline", sourcesUp < sourcesAll && "text-risk-fg")}
    >
      {sourcesUp} of {sourcesAll} sources
      {configurationProblemsN > 0 &&
        `, ${configurationProblemsN} configuration ${configurationProblemsN === 1 ? "problem" : "problems"}`}
    </Link>
  );
}
