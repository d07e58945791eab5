import { cn } from "@/components/ui/cn";
import { VerdictGlyph } from "@/components/ui/glyph";
import { Icon } from "@/components/ui/icons";
import { OutcomeGlyph } from "@/components/ui/outcome-glyph";
import { Spinner } from "@/components/ui/spinner";
import type { Gate } from "@/lib/operations/plan.rules";
import { hadEffect, type OperationState } from "@/lib/operations/rules";
import type { OperationCounts } from "@/lib/operations/views";

type Props = { state: OperationState; gate?: Gate | null; counts: OperationCounts; className?: string };

/** Where an operation stands: waiting for approval or its time, at work, paused, cancelled, done, done with failures, or done without any effect. */
export function OperationGlyph({ state, gate = null, counts, className }: Props) {
  if (state === "awaiting") return <Icon name="shield" className={cn("text-accent", className)} />;
  if (state === "running" && gate === "scheduled") return <Icon name="clock" className={cn("text-accent", className)} />;
  if (state === "running") return <Spinner className={cn("mx-px text-accent", className)} />;
  if (state === "paused") return <Icon name="pause" className={cn("text-risk-fg", className)} />;
  if (state === "cancelled") return <OutcomeGlyph state="cancelled" className={className} />;
  if (counts.failed_again > 0) return <VerdictGlyph verdict="at_risk" className={className} />;
  if (!hadEffect(counts)) return <OutcomeGlyph state="stale" className={className} />;
  return <VerdictGlyph verdict="healthy" className={className} />;
}
