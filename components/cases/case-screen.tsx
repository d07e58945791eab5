"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ApprovalBlock } from "@/components/approvals/approval-block";
import { Loaded } from "@/components/live/loaded";
import { Columns, Page } from "@/components/shell/page";
import { Tag, VerdictBadge } from "@/components/ui/badge";
import { Banner } from "@/components/ui/banner";
import { ButtonLink } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { Facts, Panel, PanelHead } from "@/components/ui/panel";
import { Sentence } from "@/components/ui/sentence";
import { SkeletonPage } from "@/components/ui/skeleton";
import { When } from "@/components/ui/when";
import { zoneHref } from "@/components/ui/zone-badges";
import type { CaseView } from "@/lib/cases/views";
import { caseName, causeWord, resolutionWord, stateWord } from "@/lib/cases/words";
import { CaseButtons } from "./case-buttons";
import { CausePanel } from "./cause-panel";
import { DuePanel } from "./due-panel";
import { HistoryPanel } from "./history-panel";
import { caseQuery } from "./queries";
import { ResolvePanel } from "./resolve-panel";
import { RunbookPanel } from "./runbook-panel";
import { useCaseActs } from "./use-case";
import { caseHref } from "./words";

/** One thing that a person has to look at: who is wrong, what differs, what to do, and how it ends. A permanent link. */
export function CaseScreen({ caseId }: { caseId: string }) {
  const query = useQuery(caseQuery(caseId));
  return (
    <Page
      crumbs={[
        { label: "Cases", href: "/cases" },
        { label: caseName(caseId), code: true },
      ]}
    >
      <Loaded query={query} what={caseName(caseId)} headline waiting={<SkeletonPage />}>
        {(view) => <Case view={view} />}
      </Loaded>
    </Page>
  );
}

function Case({ view }: { view: CaseView }) {
  const { one, now } = view;
  const acts = useCaseActs(one);
  const [reopening, setReopening] = useState(false);
  return (
    <>
      <div className="mb-1.5 flex flex-wrap items-center gap-2.5">
        <h1 className="min-w-0 text-22 font-semibold tracking-title [overflow-wrap:anywhere]">{one.title}</h1>
        <Tag code>{caseName(one.caseId)}</Tag>
        <Link href={zoneHref(one.zone.zoneId)}>
          <VerdictBadge verdict={one.zone.verdict}>{one.zone.title}</VerdictBadge>
        </Link>
        <CaseButtons view={view} acts={acts} reopen={() => setReopening(true)} />
      </div>
      <p className="max-w-sentence text-pretty text-18 tracking-lead text-ink-2 max-md:text-15">
        <Sentence parts={view.sentence} />
      </p>
      {one.state === "snoozed" && one.snoozedUntil !== null && (
        <Banner look="unknown" className="mt-3" title="Snoozed.">
          It wakes by itself <When at={one.snoozedUntil} now={now} />, or when it is due before.
        </Banner>
      )}
      {view.approval?.state === "waiting" && (
        <Banner
          look="at_risk"
          className="mt-3 lg:hidden"
          title={`${view.approval.requestedByName} asks for a second person.`}
          actions={
            <ButtonLink size="sm" href="#approval">
              Review
            </ButtonLink>
          }
        />
      )}
      <Columns
        side={
          <>
            {one.resolvedAt === null && <DuePanel one={one} now={now} />}
            <ResolvePanel view={view} acts={acts} reopening={reopening} setReopening={setReopening}>
              {view.approval && <ApprovalBlock approval={view.approval} now={now} className="border-t" />}
            </ResolvePanel>
            <Panel>
              <PanelHead title="Case" />
              <div className="px-3.5 py-3">
                <Facts rows={factsOf(view)} />
              </div>
            </Panel>
          </>
        }
      >
        {view.cause && <CausePanel cause={view.cause} zoneId={one.zone.zoneId} />}
        {view.runbook && <RunbookPanel runbook={view.runbook} acts={acts} now={now} resolved={one.resolvedAt !== null} />}
        <HistoryPanel view={view} acts={acts} />
      </Columns>
    </>
  );
}

type Row = [term: string, value: React.ReactNode];

function factsOf({ one, cause, related, now }: CaseView): Row[] {
  const state = one.resolution === null ? stateWord[one.state] : `Resolved: ${resolutionWord[one.resolution].toLowerCase()}`;
  const rows: (Row | false)[] = [
    ["State", one.askedBy === null ? state : `${state}, waits for a second person`],
    ["Cause", causeWord[one.causeKind]],
    cause?.kind === "difference" && [
      "Divergence",
      <Link key="divergence" href={`/divergences/${cause.divergenceId}`} className="link">
        <span className="mono">D-{cause.divergenceId}</span>, {cause.differs}
      </Link>,
    ],
    one.businessKey !== null && [
      "Key",
      <Link key="key" href={`/keys/${encodeURIComponent(one.businessKey)}`} className="link mono">
        {one.businessKey}
      </Link>,
    ],
    ["Owner", one.onCall === null ? one.owner : `${one.owner}; on call ${one.onCall}`],
    ["Opened", <Done key="opened" at={one.openedAt} by={one.openedBy} now={now} />],
    one.reopenedN > 0 && ["Opened again", one.reopenedN === 1 ? "once" : `${one.reopenedN} times`],
    one.acknowledged !== null && ["Acknowledged", <Done key="acknowledged" {...one.acknowledged} now={now} />],
    related.length > 0 && [
      "Same key",
      related.map((other) => (
        <Link key={other.caseId} href={caseHref(other.caseId)} title={other.title} className="link mr-2 whitespace-nowrap">
          {caseName(other.caseId)}
        </Link>
      )),
    ],
  ];
  return rows.filter((row) => row !== false);
}

const Done = ({ at, by, now }: { at: number; by: string; now: number }) => (
  <>
    <When at={at} now={now} /> by {by}
  </>
);
