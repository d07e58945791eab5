"use client";
import { Checkbox } from "@/components/ui/checkbox";
import { cn } from "@/components/ui/cn";
import { Icon } from "@/components/ui/icons";
import { Panel, PanelHead } from "@/components/ui/panel";
import { When } from "@/components/ui/when";
import type { CaseView } from "@/lib/cases/views";
import type { Instant } from "@/lib/time";
import type { CaseActs } from "./use-case";

type Runbook = NonNullable<CaseView["runbook"]>;
type Props = { runbook: Runbook; acts: CaseActs; now: Instant; resolved: boolean };

/** The contract's runbook, step by step: what is done, by whom, and what is next. */
export function RunbookPanel({ runbook, acts, now, resolved }: Props) {
  const doneN = runbook.steps.filter((step) => step.done !== null).length;
  const next = runbook.steps.find((step) => step.done === null)?.n;
  const blocked = acts.blocked("tick");
  return (
    <Panel>
      <PanelHead title="Runbook" note={`${runbook.title}, for ${runbook.when}`}>
        <span className="text-12 text-ink-2">
          {doneN} of {runbook.steps.length} done
        </span>
        <span className="h-1.5 w-16 overflow-hidden rounded-bar bg-track" aria-hidden="true">
          <span className="block h-full bg-ink-2" style={{ width: `${(100 * doneN) / runbook.steps.length}%` }} />
        </span>
      </PanelHead>
      <ol>
        {runbook.steps.map((step) => (
          <li
            key={step.n}
            className={cn(
              "flex items-start gap-2.75 border-b px-3.5 py-2.25 last:border-b-0",
              step.n === next && !resolved && "bg-selected shadow-cursor",
            )}
          >
            {blocked === null && !resolved ? (
              <span className="mt-0.75 flex">
                <Checkbox
                  checked={step.done !== null}
                  label={`Step ${step.n} is done`}
                  onChange={(done) => acts.ask({ act: "tick", step: step.n, done })}
                />
              </span>
            ) : (
              <>
                <Icon name={step.done ? "check" : "lock"} size={14} className="mt-1 text-ink-3" />
                <span className="sr-only">{step.done ? "done" : "not done"}</span>
              </>
            )}
            <span
              className={cn("min-w-0 flex-1", step.done ? "text-ink-2" : step.n === next && !resolved ? "font-semibold" : "")}
            >
              {step.n}. {step.text}
            </span>
            {step.done && (
              <span className="text-12 whitespace-nowrap text-ink-3">
                {step.done.by}, <When at={step.done.at} now={now} />
              </span>
            )}
          </li>
        ))}
      </ol>
    </Panel>
  );
}
