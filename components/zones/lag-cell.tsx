import { Sparkline } from "@/components/charts/sparkline";
import { cn } from "@/components/ui/cn";
import { durationText } from "@/components/ui/format";
import type { Verdict } from "@/lib/verdicts/rules";
import type { ZoneRow } from "@/lib/zones/views";

type Props = { zone: ZoneRow; verdict: Verdict; frozen: boolean };

/** Publish lag above, processing lag below: half an hour, and the p95 now. */
export function LagCell({ zone, verdict, frozen }: Props) {
  if (zone.silent && zone.publishLagMsP95 === null && zone.processingLagMsP95 === null)
    return <span className="text-12 text-ink-3">No samples</span>;
  const loud = verdict === "breached" || verdict === "at_risk";
  return (
    <>
      <Line points={zone.publishTrend} ms={zone.publishLagMsP95} windowMs={zone.windowMs} color="var(--ink-3)" frozen={frozen} />
      <Line
        points={zone.processingTrend}
        ms={zone.processingLagMsP95}
        windowMs={zone.windowMs}
        color={loud ? "var(--fill)" : "var(--ink-2)"}
        frozen={frozen}
        strong
        loud={loud}
      />
    </>
  );
}

type LineProps = {
  points: (number | null)[];
  ms: number | null;
  windowMs: number;
  color: string;
  frozen: boolean;
  strong?: boolean;
  loud?: boolean;
};

function Line({ points, ms, windowMs, color, frozen, strong = false, loud = false }: LineProps) {
  return (
    <div className="grid h-4.5 grid-cols-[88px_1fr] items-center gap-2 whitespace-nowrap text-12 text-ink-3">
      <Sparkline points={points} windowMs={windowMs} color={color} strong={loud} dotted={frozen} />
      <span className={cn(strong && "font-medium text-ink", loud && "font-semibold text-fg")}>
        {ms === null ? "–" : durationText(ms)}
      </span>
    </div>
  );
}
