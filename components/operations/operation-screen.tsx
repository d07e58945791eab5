"use client";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ApprovalBlock } from "@/components/approvals/approval-block";
import { Loaded } from "@/components/live/loaded";
import { Columns, Page } from "@/components/shell/page";
import { Tag } from "@/components/ui/badge";
import { Banner } from "@/components/ui/banner";
import { Elsewhere } from "@/components/ui/elsewhere";
import { EventsPanel } from "@/components/ui/events";
import { durationText, utcText } from "@/components/ui/format";
import { Link } from "@/components/ui/link";
import { LiveAge } from "@/components/ui/live-age";
import { Facts, Panel, PanelHead } from "@/components/ui/panel";
import { Sentence } from "@/components/ui/sentence";
import { SkeletonPage } from "@/components/ui/skeleton";
import { When } from "@/components/ui/when";
import type { OperationKind } from "@/lib/operations/rules";
import type { OperationView } from "@/lib/operations/views";
import { counted } from "@/lib/words";
import { EditedPanel } from "./edited-panel";
import { EffectPanels } from "./effect-panels";
import { ItemTable } from "./item-table";
import { ItemsPanel } from "./items-panel";
import { OperationGlyph } from "./operation-glyph";
import { OutcomesPanel } from "./outcomes-panel";
import { PlanPanel } from "./plan-panel";
import { ProofPanel } from "./proof-panel";
import { operationQuery } from "./queries";
import { RetryFailed } from "./retry-failed";
import { StepButtons } from "./step-buttons";
import { TakeBack } from "./take-back";
import { UnitGrid } from "./unit-grid";
import { operationHref, operationName, stepsOf } from "./words";

/** One act over many messages: how far, with which outcomes, and what is not on track. A permanent link. */
export function OperationScreen({ operationId }: { operationId: string }) {
  const query = useQuery(operationQuery(operationId));
  return (
    <Page crumbs={[{ label: "Operations", href: "/operations" }, { label: operationName(operationId) }]}>
      <Loaded query={query} what={operationName(operationId)} headline waiting={<SkeletonPage />}>
        {(view) => <Operation view={view} />}
      </Loaded>
    </Page>
  );
}

function Operation({ view }: { view: OperationView }) {
  const { operation, now } = view;
  const left = operation.counts.waiting + operation.counts.uncertain;
  return (
    <>
      <div className="mb-1.5 flex flex-wrap items-center gap-2.5">
        <OperationGlyph state={operation.state} gate={operation.gate} counts={operation.counts} />
        <h1 className="text-22 font-semibold tracking-title">{operation.title}</h1>
        <Tag code>{operationName(operation.operationId)}</Tag>
        <span className="text-ink-2">
          <StateSince view={view} />
        </span>
        <div className="ml-auto flex flex-wrap gap-2.5 max-md:ml-0 max-md:w-full">
          <StepButtons operation={operation} more={stepsOf(view)} />
          {!view.edits && <RetryFailed operation={operation} />}
          {view.canTakeBack && operation.endedAt !== null && (
            <TakeBack
              of={{ operationId: operation.operationId }}
              what={`what ${operationName(operation.operationId)} closed`}
              zones={operation.zones.map((zone) => zone.zoneId)}
              final={null}
            />
          )}
        </div>
      </div>
      <p className="mb-3.5 max-w-sentence text-pretty text-18 tracking-lead text-ink-2 max-md:text-15">
        <Sentence parts={view.sentence} />
      </p>
      {operation.state === "paused" && (
        <Banner
          look="at_risk"
          className="mb-3.5"
          title={operation.stopReason === null ? "Paused: nothing new is sent." : `Stopped by itself: ${operation.stopReason}.`}
        >
          {counted(operation.counts.waiting, "message")} still {operation.counts.waiting === 1 ? "waits" : "wait"}; resume or
          cancel the rest.
        </Banner>
      )}
      {operation.state === "cancelled" && (
        <Banner look="unknown" title={`Cancelled: ${counted(operation.counts.cancelled, "message")} had no turn.`}>
          They stay parked and are free for another operation.
          {left > 0 &&
            ` ${counted(left, "message")} more ${left === 1 ? "is" : "are"} with the consumer: what nobody has taken is taken back, what was taken ends by its outcome.`}
        </Banner>
      )}
      <PlanPanel view={view} />
      <Columns side={<Side view={view} />}>
        <OutcomesPanel view={view} />
        {view.edits && <EditedPanel operationId={operation.operationId} />}
        {operation.kind === "retry" && operation.state !== "awaiting" && (
          <ProofPanel operationId={operation.operationId} ended={operation.endedAt !== null} />
        )}
        <Panel>
          <PanelHead title="Message by message" note={`in order, ${counted(view.keysN, "business key")}`} />
          <div className="px-3.5 py-3">
            {view.grid === null ? (
              <p className="text-ink-3">Above 2,000 messages the outcomes and the list below tell.</p>
            ) : (
              <UnitGrid letters={view.grid} counts={operation.counts} />
            )}
          </div>
          {view.offTrack.length > 0 && (
            <>
              <PanelHead
                level={3}
                title="Not on track"
                note={counted(view.offTrack.length, "message")}
                className="border-t border-b-0"
              />
              <ItemTable label="Messages that are not on track" items={view.offTrack} now={now} edits={view.edits} />
            </>
          )}
        </Panel>
        <ItemsPanel operationId={operation.operationId} counts={operation.counts} edits={view.edits} />
      </Columns>
    </>
  );
}

function StateSince({ view: { operation, now } }: { view: OperationView }) {
  const by = `by ${operation.requestedBy}`;
  if (operation.endedAt !== null)
    return `${operation.state} in ${durationText(operation.endedAt - operation.requestedAt)}, started ${by}`;
  if (operation.state === "awaiting")
    return (
      <>
        waits for a second person for <LiveAge since={operation.requestedAt} asOf={now} />, asked {by}
      </>
    );
  return (
    <>
      {operation.state} for <LiveAge since={operation.requestedAt} asOf={now} />, started {by}
    </>
  );
}

function Side({ view }: { view: OperationView }) {
  const { record, now, operation, approval } = view;
  return (
    <>
      <EffectPanels view={view} />
      {approval && (
        <Panel aria-label="Second person">
          <ApprovalBlock approval={approval} now={now} />
        </Panel>
      )}
      <Panel>
        <PanelHead title="Record" />
        <div className="px-3.5 py-3">
          <Facts
            rows={[
              ["Who", record.who],
              [
                "When",
                <span key="when">
                  <When at={record.when} now={now} />, <span className="text-ink-3">{utcText(record.when)}</span>
                </span>,
              ],
              ["Why", record.why],
              ...(record.code === null
                ? []
                : [["As", record.code] as [string, ReactNode], ["Evidence", record.evidence ?? "none"] as [string, ReactNode]]),
              [
                "Ticket",
                record.ticketHref ? (
                  <Elsewhere key="ticket" href={record.ticketHref}>
                    {record.ticket}
                  </Elsewhere>
                ) : (
                  (record.ticket ?? "none")
                ),
              ],
              ["Scope", record.scope],
              ...(record.written === null ? [] : [["Written", record.written] as [string, ReactNode]]),
              ["Limits", view.plan.words],
              ...(view.plan.retryOf === null ? [] : [retryOfRow(view.plan.retryOf, operation.kind)]),
              ["Audit entry", record.auditEntry || "not written yet"],
            ]}
          />
        </div>
      </Panel>
      <EventsPanel title="Activity" events={view.activity} now={now} none="Nothing yet." />
    </>
  );
}

const retryOfRow = (retryOf: string, kind: OperationKind): [string, ReactNode] => [
  kind === "take_back" ? "Takes back" : "Tries again",
  <Link key="again" href={operationHref(retryOf)} className="link">
    {operationName(retryOf)}
  </Link>,
];
