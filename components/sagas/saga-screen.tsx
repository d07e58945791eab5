"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Loaded } from "@/components/live/loaded";
import { Columns, Page } from "@/components/shell/page";
import { useScreenActions } from "@/components/shell/palette/actions";
import { useWhyNot } from "@/components/shell/use-why-not";
import { BlockedNote } from "@/components/ui/blocked-note";
import { Button } from "@/components/ui/button";
import { useKeys } from "@/components/ui/keys";
import { Panel } from "@/components/ui/panel";
import { Sentence } from "@/components/ui/sentence";
import { Skeleton, SkeletonRows } from "@/components/ui/skeleton";
import { isHeld } from "@/lib/sagas/rules";
import type { SagaView } from "@/lib/sagas/views";
import { HoldDialog, ReleaseDialog } from "./dialogs";
import { NextPanel } from "./next-panel";
import { type SagaId, sagaQuery } from "./queries";
import { FactsPanel, HoldsPanel, StepsPanel } from "./saga-panels";
import { StageTag } from "./stage-tag";
import { type Act, blockedFor } from "./words";

/** One saga: where it stands, what it waits for, its steps with what undoes each, and what people asked of it. */
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
  const whyNot = useWhyNot();
  const [asked, setAsked] = useState<Act | null>(null);
  const act: Act = isHeld(saga, now) ? "release" : "hold";
  const blocked = (which: Act) => blockedFor(whyNot, which, [saga], now);
  const ask = (which: Act) => {
    if (blocked(which) === null) setAsked(which);
  };
  useKeys({ h: () => ask("hold") });
  useScreenActions([{ label: "Hold compensations of this saga", run: () => ask("hold"), keys: "h", blocked: blocked("hold") }]);
  const choice = { sagas: [{ sourceId: saga.sourceId, sagaId: saga.sagaId }] };
  return (
    <>
      <Head view={view} blocked={blocked} ask={ask} />
      {saga.endedAt === null && <BlockedNote reason={blocked(act)} />}
      <p className="max-w-sentence text-pretty text-18 tracking-lead text-ink-2 max-md:text-15">
        <Sentence parts={view.sentence} />
      </p>
      {view.waitsFor.length > 0 && (
        <p className="mt-1 text-ink-2">
          <span className="mr-1 text-ink-3">It waits for</span>
          <Sentence parts={view.waitsFor} />
        </p>
      )}
      <Columns sideWidth={300} side={<FactsPanel view={view} />}>
        {view.next && <NextPanel next={view.next} />}
        <StepsPanel view={view} />
        <HoldsPanel view={view} />
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

type HeadProps = { view: SagaView; blocked: (act: Act) => string | null; ask: (act: Act) => void };

function Head({ view: { saga, now }, blocked, ask }: HeadProps) {
  const held = isHeld(saga, now);
  return (
    <div className="mb-2 flex flex-wrap items-center gap-2.5">
      <h1 className="text-22 font-semibold tracking-title [overflow-wrap:anywhere]">
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
