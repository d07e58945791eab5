import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { Icon, type IconName } from "@/components/ui/icons";
import { LiveAge } from "@/components/ui/live-age";
import { Count, Table, Td, Th } from "@/components/ui/table";
import { type Tone, toneClass } from "@/components/ui/tone";
import { When } from "@/components/ui/when";
import type { SagaStep, SagaStepPair } from "@/lib/sagas/views";
import type { Instant } from "@/lib/time";
import { Countdown } from "./countdown";

const looks: Record<string, { icon: IconName; tone: Tone; word: string }> = {
  done: { icon: "check", tone: "ok", word: "Done" },
  running: { icon: "right", tone: "conv", word: "Running" },
  pending: { icon: "clock", tone: "none", word: "Not started" },
  failed: { icon: "x", tone: "breach", word: "Failed" },
  skipped: { icon: "right", tone: "none", word: "Nothing to undo" },
};
const planned = { icon: "clock", tone: "none", word: "" } as const;

/** Steps in their order, and beneath each the compensation that reverses it. */
export function StepsTable({ steps, now }: { steps: SagaStepPair[]; now: Instant }) {
  return (
    <Table label="Steps and their compensations">
      <thead>
        <tr>
          <Th>Step, and what undoes it</Th>
          <Th>State</Th>
          <Th num>Attempts</Th>
          <Th num className="max-sm:hidden">
            Started
          </Th>
          <Th num>Deadline or end</Th>
        </tr>
      </thead>
      <tbody>
        {steps.map(({ step, plan, compensation, compensationPlan }, i) => [
          (step !== null || plan !== "") && (
            <StepRow key={`${plan}${i}`} name={step?.name ?? plan} step={step} now={now}>
              {i + 1}
            </StepRow>
          ),
          (compensation !== null || compensationPlan !== null) && (
            <StepRow key={`undo${plan}${i}`} undo name={compensation?.name ?? compensationPlan!} step={compensation} now={now}>
              <Icon name="undo" size={14} />
            </StepRow>
          ),
        ])}
      </tbody>
    </Table>
  );
}

type RowProps = { name: string; step: SagaStep | null; undo?: boolean; now: Instant; children: ReactNode };

function StepRow({ name, step, undo = false, now, children }: RowProps) {
  const look = step ? (looks[step.state] ?? { ...planned, word: step.state }) : planned;
  const open = step !== null && (step.state === "running" || step.state === "pending");
  return (
    <tr>
      <Td className={cn(undo && "pl-10 first:pl-10")}>
        <div className="flex items-start gap-2">
          <span className="mt-px inline-grid min-w-4 place-items-center text-12 text-ink-3">{children}</span>
          <div className="min-w-0">
            <span className={cn("mono", !step && "text-ink-3")}>{name}</span>
            {step?.errorMessage && (
              <p className="max-w-60ch text-12 text-breach-fg [overflow-wrap:anywhere]">
                {step.errorType && <span className="mono">{step.errorType}: </span>}
                {step.errorMessage}
              </p>
            )}
          </div>
        </div>
      </Td>
      <Td className={cn("whitespace-nowrap", toneClass[look.tone])}>
        {step ? (
          <span className="inline-flex items-center gap-1.5 text-fg">
            <Icon name={look.icon} size={14} />
            {look.word}
          </span>
        ) : (
          <span className="text-ink-3">{undo ? "not needed" : "as the contract has it"}</span>
        )}
      </Td>
      <Td num>{step ? <Count n={step.attempts} /> : <span className="text-ink-3">–</span>}</Td>
      <Td num className="text-12 text-ink-3 max-sm:hidden">
        {step?.startedAt ? <When at={step.startedAt} now={now} /> : "–"}
      </Td>
      <Td num className="text-12">
        {step === null || (!open && step.endedAt === null) ? (
          <span className="text-ink-3">–</span>
        ) : !open ? (
          <When at={step.endedAt!} now={now} className="text-ink-3" />
        ) : step.deadlineAt === null ? (
          <span className="text-ink-3">none</span>
        ) : step.deadlineAt < now ? (
          <span className="text-breach-fg">
            <LiveAge since={step.deadlineAt} asOf={now} /> past
          </span>
        ) : (
          <Countdown at={step.deadlineAt} asOf={now} quiet />
        )}
      </Td>
    </tr>
  );
}
