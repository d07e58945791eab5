"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { Columns, Page } from "@/components/shell/page";
import { useScreenActions } from "@/components/shell/palette/actions";
import { meQuery } from "@/components/shell/queries";
import { KeyLink } from "@/components/timeline/key-link";
import { BlockedNote } from "@/components/ui/blocked-note";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { VerdictGlyph } from "@/components/ui/glyph";
import { useKeys } from "@/components/ui/keys";
import { Loaded } from "@/components/ui/loaded";
import { Facts, Panel, PanelHead } from "@/components/ui/panel";
import { Sentence } from "@/components/ui/sentence";
import { Skeleton, SkeletonRows } from "@/components/ui/skeleton";
import { When } from "@/components/ui/when";
import { isHeld } from "@/lib/sagas/rules";
import type { SagaView } from "@/lib/sagas/views";
import { HoldDialog } from "./hold-dialog";
import { type SagaId, sagaQuery } from "./queries";
import { ReleaseDialog } from "./release-dialog";
import { Deadline } from "./saga-table";
import { StageTag } from "./stage-tag";
import { StepsTable } from "./steps-table";
import { type Act, blockedFor } from "./words";

/** One saga: where it stands, what it waits for, its steps with what undoes each, and what people wished of it. */
export function SagaScreen({ id }: { id: SagaId }) {
  const query = useQuery(sagaQuery(id));
  const saga = query.data?.saga;
  return (
    <Page
      crumbs={[
        { label: "Sagas", href: "/sagas" },
        { label: saga?.businessKey ?? id.sagaId, code: true },
      ]}
    >
      <Loaded query={query} what="This saga" headline waiting={<Waiting />}>
        {(view) => <Whole view={view} />}
      </Loaded>
    </Page>
  );
}

function Whole({ view }: { view: SagaView }) {
  const { saga, now } = view;
  const { data: me } = useQuery(meQuery());
  const [asked, setAsked] = useState<Act | null>(null);
  const held = isHeld(saga, now);
  const act: Act = held ? "release" : "hold";
  const blocked = (which: Act) => blockedFor(me?.actor, which, [saga], now);
  const ask = (which: Act) => blocked(which) === null && setAsked(which);
  useKeys({ h: () => ask("hold") });
  useScreenActions([{ label: "Hold compensations of this saga", run: () => ask("hold"), keys: "h", blocked: blocked("hold") }]);
  const choice = { sagas: [{ sourceId: saga.sourceId, sagaId: saga.sagaId }] };
  return (
    <>
      <div className="mb-2 flex flex-wrap items-center gap-2.5">
        <h1 className="text-22 font-semibold tracking-[-0.015em] [overflow-wrap:anywhere]">
          {saga.sagaType} of {saga.businessKey}
        </h1>
        <StageTag stage={saga.stage} />
        {saga.endedAt === null && (
          <div className="ml-auto flex items-center gap-2.5 max-sm:ml-0 max-sm:w-full">
            {held && (
              <Button icon="play" blocked={blocked("release")} onClick={() => ask("release")}>
                Release
              </Button>
            )}
            <Button
              icon="pause"
              shortcut="h"
              tone={saga.stage === "due" ? "primary" : "default"}
              blocked={blocked("hold")}
              onClick={() => ask("hold")}
            >
              {held ? "Hold longer" : "Hold compensations"}
            </Button>
          </div>
        )}
      </div>
      {saga.endedAt === null && <BlockedNote reason={blocked(act)} />}
      <p className="max-w-[1020px] text-pretty text-18 tracking-[-0.008em] text-ink-2 max-md:text-15">
        <Sentence parts={view.sentence} />
      </p>
      {view.waitsFor.length > 0 && (
        <p className="mt-1 text-ink-2">
          <span className="mr-1 text-ink-3">It waits for</span>
          <Sentence parts={view.waitsFor} />
        </p>
      )}
      <Columns sideWidth={300} side={<Side view={view} />}>
        <Panel aria-label="Steps">
          <PanelHead
            title="Steps"
            note={
              view.stepsAt === null ? (
                "as the contract has them: what became of each is read once a saga is held up"
              ) : (
                <>
                  as of <When at={view.stepsAt} now={now} />
                </>
              )
            }
          />
          {view.steps.length === 0 ? (
            <p className="px-3.5 py-3 text-12 text-ink-3">Neither its source nor a contract says what its steps are.</p>
          ) : (
            <StepsTable steps={view.steps} now={now} />
          )}
        </Panel>
        <Holds view={view} />
      </Columns>
      {asked === "hold" && <HoldDialog selection={choice} onClose={() => setAsked(null)} />}
      {asked === "release" && (
        <ReleaseDialog
          selection={choice}
          n={1}
          pastN={saga.deadlineAt !== null && saga.deadlineAt < now ? 1 : 0}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  );
}

function Side({ view }: { view: SagaView }) {
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

function Holds({ view: { holds, now } }: { view: SagaView }) {
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

function Waiting() {
  return (
    <>
      <Skeleton className="h-6 w-72" />
      <Skeleton className="mt-3 h-5 w-3/4" />
      <Panel className="mt-10">
        <SkeletonRows rows={4} />
      </Panel>
    </>
  );
}
