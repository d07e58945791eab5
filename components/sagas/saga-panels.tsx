import { CopyButton } from "@/components/ui/copy-button";
import { VerdictGlyph } from "@/components/ui/glyph";
import { KeyLink } from "@/components/ui/key-link";
import { Link } from "@/components/ui/link";
import { Facts, Panel, PanelHead } from "@/components/ui/panel";
import { Sentence } from "@/components/ui/sentence";
import { When } from "@/components/ui/when";
import type { SagaView } from "@/lib/sagas/views";
import { Deadline } from "./saga-table";
import { StepsTable } from "./steps-table";

/** Its steps with what undoes each, and how old that news is. */
export function StepsPanel({ view }: { view: SagaView }) {
  return (
    <Panel aria-label="Steps">
      <PanelHead
        title="Steps"
        note={
          view.stepsAt === null ? (
            "as the contract has them: what became of each is read once a saga is held up"
          ) : (
            <>
              as of <When at={view.stepsAt} now={view.now} />
            </>
          )
        }
      />
      {view.steps.length === 0 ? (
        <p className="px-3.5 py-3 text-12 text-ink-3">Neither its source nor a contract says what its steps are.</p>
      ) : (
        <StepsTable steps={view.steps} now={view.now} />
      )}
    </Panel>
  );
}

/** What a saga is, as term and value. */
export function FactsPanel({ view }: { view: SagaView }) {
  const { saga, now, correlationId } = view;
  return (
    <Panel aria-label="Facts">
      <PanelHead title="Facts" />
      <Facts
        className="px-3.5 py-3"
        rows={[
          ["Key", <KeyLink key="key" businessKey={saga.businessKey} />],
          [
            "Zone",
            saga.zone ? (
              <Link
                key="zone"
                href={`/zones/${saga.zone.zoneId}/sagas`}
                className="inline-flex items-center gap-1.5 hover:underline"
              >
                <VerdictGlyph verdict={saga.zone.verdict} size={14} labelled />
                {saga.zone.title}
              </Link>
            ) : (
              "no contract names this type"
            ),
          ],
          ["Source", saga.sourceId],
          [
            "State",
            <span key="state" className="mono">
              {saga.state}
            </span>,
          ],
          ["Started", <When key="started" at={saga.startedAt} now={now} />],
          ["Deadline", saga.deadlineAt === null ? "none" : <When key="deadline" at={saga.deadlineAt} now={now} />],
          [saga.endedAt === null ? "Left" : "Ended", <Deadline key="left" saga={saga} now={now} />],
          ["Held until", saga.holdUntil === null ? "not held" : <When key="held" at={saga.holdUntil} now={now} />],
          [
            "Correlation",
            correlationId === null ? (
              "none"
            ) : (
              <span key="c" className="mono">
                {correlationId}
              </span>
            ),
          ],
          [
            "Id",
            <span key="id" className="inline-flex items-start gap-1">
              <span className="mono">{saga.sagaId}</span>
              <CopyButton text={saga.sagaId} label="Copy the id" />
            </span>,
          ],
        ]}
      />
    </Panel>
  );
}

/** What people asked of it, and what came of that. */
export function HoldsPanel({ view: { holds, now } }: { view: SagaView }) {
  return (
    <Panel aria-label="Holds">
      <PanelHead title="Holds" note="what people wished, and what came of it" />
      {holds.length === 0 ? (
        <p className="px-3.5 py-3 text-12 text-ink-3">Nobody has held or released it.</p>
      ) : (
        <ol>
          {holds.map((hold) => (
            <li key={hold.holdId} className="border-b px-3.5 py-2.5 last:border-b-0">
              <p>
                <b>{hold.by}</b> {hold.kind === "hold" ? "held it" : "released it"}
                {hold.until !== null && (
                  <>
                    {" "}
                    until <When at={hold.until} now={now} />
                  </>
                )}
                <When at={hold.at} now={now} className="float-right text-12 text-ink-3" />
              </p>
              {hold.reason && <p className="text-12 text-ink-2 [overflow-wrap:anywhere]">{hold.reason}</p>}
              <p className="text-12 text-ink-3">
                <Sentence parts={hold.outcome} />
              </p>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
