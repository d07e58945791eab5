"use client";
import { utcText } from "@/components/ui/format";
import { Icon } from "@/components/ui/icons";
import { Moment } from "@/components/ui/moment";
import { Panel } from "@/components/ui/panel";
import { Spinner } from "@/components/ui/spinner";
import type { OperationView } from "@/lib/operations/views";
import { durationWords } from "@/lib/time";
import { LimitsForm } from "./limits-form";
import { failedShare, settledN } from "./words";

type Stage = { name: string; note: string; state: "before" | "now" | "done" | "failed" };

/** Where the operation stands in its plan, what its canary showed, and the limits that can be changed while it runs. */
export function PlanPanel({ view }: { view: OperationView }) {
  const { operation, plan } = view;
  const open = operation.state === "running" || operation.state === "paused";
  const planned = plan.canaryN !== null || plan.opensAt !== null || plan.stopPercent !== null;
  if (!open && !planned) return null;
  return (
    <Panel aria-label="Plan" className="mb-3.5">
      <ol className="grid grid-cols-1 sm:grid-flow-col sm:auto-cols-fr">
        {stagesOf(view).map(({ name, note, state }) => (
          <li
            key={name}
            aria-current={state === "now" ? "step" : undefined}
            className="border-b px-3.5 py-2.5 sm:border-r sm:last:border-r-0"
          >
            <p className="flex items-center gap-2 font-medium">
              {state === "failed" ? (
                <Icon name="x" className="text-breach-fg" />
              ) : state === "done" ? (
                <Icon name="check" className="text-ok-fg" />
              ) : state === "now" && operation.state === "running" ? (
                <Spinner className="text-accent" />
              ) : (
                <Icon name="clock" className="text-ink-3" />
              )}
              {name}
            </p>
            <p className="text-12 text-ink-2">{note}</p>
          </li>
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

function stagesOf({ operation, plan }: OperationView): Stage[] {
  const { counts, gate } = operation;
  const answered = settledN(counts);
  const ended = operation.endedAt !== null;
  const rest: Stage = {
    name: operation.kind === "retry" ? "Deliver the rest" : "Discard",
    note: `${answered.toLocaleString("en-US")} of ${counts.total.toLocaleString("en-US")} settled in all`,
    state: ended ? "done" : gate === "rest" ? "now" : "before",
  };
  if (plan.canaryN === null || plan.canaryN >= counts.total)
    return [{ ...rest, name: operation.kind === "retry" ? "Deliver" : "Discard" }];
  const n = plan.canaryN;
  const canary: Stage = {
    name: `Canary of ${n.toLocaleString("en-US")}`,
    note:
      plan.canaryEndedAt !== null
        ? `all answered${plan.canaryPassedAt === null ? `, ${plan.failedN.toLocaleString("en-US")} failed again` : ""}`
        : `${Math.min(answered, n).toLocaleString("en-US")} of ${n.toLocaleString("en-US")} answered`,
    state:
      plan.canaryEndedAt !== null
        ? operation.stopReason === null || plan.canaryPassedAt !== null
          ? "done"
          : "failed"
        : gate === "canary"
          ? "now"
          : "before",
  };
  const watch: Stage = {
    name: plan.canaryThen === "go" ? `Watch ${durationWords(plan.watchMs)}` : "Wait for a word",
    note: plan.canaryThen === "go" ? "stops if a key of the canary is parked" : "somebody says when the rest follows",
    state: plan.canaryPassedAt !== null ? "done" : gate === "watch" || gate === "ask" ? "now" : "before",
  };
  return [canary, watch, rest];
}
