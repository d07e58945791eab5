import { ButtonLink } from "@/components/ui/button";
import { Panel, PanelHead } from "@/components/ui/panel";
import { Sentence } from "@/components/ui/sentence";
import type { SagaNext } from "@/lib/sagas/views";

/** What somebody can do about what could not be undone: in words, where, and by the contract's runbook. */
export function NextPanel({ next: { text, actions, runbook } }: { next: SagaNext }) {
  return (
    <Panel aria-label="What to do">
      <PanelHead
        title="What to do"
        note={runbook ? `${runbook.title}, for ${runbook.when}` : "the contract has no runbook for it"}
      />
      <div className="space-y-2.5 px-3.5 py-3">
        <p className="max-w-88ch text-pretty">
          <span className="mr-1 text-ink-3">Next</span>
          <Sentence parts={text} />
        </p>
        {runbook && (
          <ol className="list-decimal space-y-0.5 pl-5 text-ink-2">
            {runbook.steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        )}
        <div className="flex flex-wrap gap-2">
          {actions.map(({ label, href }) => (
            <ButtonLink key={href} size="sm" href={href}>
              {label}
            </ButtonLink>
          ))}
        </div>
      </div>
    </Panel>
  );
}
