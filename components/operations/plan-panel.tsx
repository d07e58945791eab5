"use client";
import type { ReactNode } from "react";
import { useNow } from "@/components/ui/clock";
import { cn } from "@/components/ui/cn";
import { utcText } from "@/components/ui/format";
import { VerdictGlyph } from "@/components/ui/glyph";
import { Icon } from "@/components/ui/icons";
import { Moment } from "@/components/ui/moment";
import { Panel } from "@/components/ui/panel";
import { Spinner } from "@/components/ui/spinner";
import type { OperationView } from "@/lib/operations/views";
import { LimitsForm } from "./limits-form";
import { type Stage, stagesOf } from "./stages";
import { failedShare } from "./words";

// What delivers and what proves has more to tell than the canary before it.
const FOUR = "lg:grid-flow-row lg:grid-cols-[1fr_1.15fr_1.5fr_1.5fr]";

/** Where the operation stands in its plan, what its canary showed, and the limits that can be changed while it runs. */
export function PlanPanel({ view }: { view: OperationView }) {
  const { operation, plan } = view;
  // The watch goes on between two answers.
  const now = Math.max(view.now, useNow() ?? 0);
  const open = operation.state === "running" || operation.state === "paused";
  const planned = plan.canaryN !== null || plan.opensAt !== null || plan.stopPercent !== null;
  if (!open && !planned && view.proof === null) return null;
  const stages = stagesOf({ ...view, now });
  return (
    <Panel aria-label="Plan" className="mb-3.5">
      <ol className={cn("grid grid-cols-1 sm:grid-flow-col sm:auto-cols-fr", stages.length > 3 && FOUR)}>
        {stages.map((stage) => (
          <StageItem key={stage.name} stage={stage} />
        ))}
      </ol>
      {plan.opensAt !== null && (operation.gate === "scheduled" || operation.gate === "undo") && (
        <p className="border-b px-3.5 py-2.5 text-12 text-ink-2">
          Nothing leaves before <Moment at={plan.opensAt} utc={utcText(plan.opensAt)} />
          {operation.gate === "undo" && "; until then it can be undone as if nobody had asked"}.
        </p>
      )}
      {plan.stopPercent !== null && (
        <p className="px-3.5 py-2.5 text-12 text-ink-2">
          {plan.judgedN === 0 ? (
            "No answer yet; "
          ) : (
            <>
              Failed again <b className="text-ink">{failedShare(plan.judgedN, plan.failedN)}</b> of{" "}
              {plan.judgedN.toLocaleString("en-US")} answered;{" "}
            </>
          )}
          stops by itself above {plan.stopPercent} %, {plan.inFlightN.toLocaleString("en-US")} in flight.
        </p>
      )}
      {open && (
        <LimitsForm key={`${plan.perSecond} ${plan.inFlightMax} ${plan.stopPercent}`} operation={operation} limits={plan} />
      )}
    </Panel>
  );
}

const looks: Record<Stage["state"], { icon: ReactNode; fill: string }> = {
  failed: { icon: <Icon name="x" className="text-breach-fg" />, fill: "bg-breach-fill" },
  done: { icon: <Icon name="check" className="text-ok-fg" />, fill: "bg-ok-fill" },
  now: { icon: <Icon name="clock" className="text-ink-3" />, fill: "bg-accent-fill" },
  before: { icon: <Icon name="clock" className="text-ink-3" />, fill: "bg-accent-fill" },
  off: { icon: <Icon name="clock" className="text-ink-3" />, fill: "bg-none-fill" },
  none: { icon: <VerdictGlyph verdict="unknown" />, fill: "bg-none-fill" },
};

/** A step with a bar of its share: green when it is done, blue while it is under way, hatched where nothing can tell. */
function StageItem({ stage: { name, note, state, share, busy } }: { stage: Stage }) {
  const { icon, fill } = looks[state];
  return (
    <li
      aria-current={state === "now" ? "step" : undefined}
      className="flex flex-col border-b px-3.5 py-2.5 sm:border-r sm:last:border-r-0"
    >
      <p className="flex items-center gap-2 font-medium">
        {state === "now" && busy ? <Spinner className="text-accent" /> : icon}
        {name}
      </p>
      <p className="mb-2 text-12 text-ink-2">{note}</p>
      <div
        aria-hidden="true"
        className={cn("mt-auto h-1.5 overflow-hidden rounded-square bg-track", state === "none" && "hatch-track")}
      >
        <i className={cn("block h-full", fill)} style={{ width: `${share * 100}%` }} />
      </div>
    </li>
  );
}
