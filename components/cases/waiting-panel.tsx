"use client";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Loaded } from "@/components/live/loaded";
import { operationHref } from "@/components/operations/words";
import { Button, ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { durationText } from "@/components/ui/format";
import { Icon, type IconName } from "@/components/ui/icons";
import { Link } from "@/components/ui/link";
import { LiveAgo } from "@/components/ui/live-age";
import { Panel, PanelHead } from "@/components/ui/panel";
import { SkeletonBlock } from "@/components/ui/skeleton";
import type { Approval } from "@/lib/approvals/rules";
import type { CaseRow, WaitingView } from "@/lib/cases/views";
import { caseName } from "@/lib/cases/words";
import type { Instant } from "@/lib/time";
import { useDue } from "./due";
import { waitingQuery } from "./queries";
import { useCaseActs } from "./use-case";
import { caseHref } from "./words";

const subjectHref = ({ subjectKind, subjectId }: Approval): string =>
  subjectKind === "case" ? caseHref(subjectId) : operationHref(subjectId);

/** What waits for the person who looks: decisions to give, cases of theirs, cases that nobody has acknowledged. */
export function WaitingPanel() {
  const query = useQuery(waitingQuery());
  return (
    <Panel>
      <PanelHead title="Waiting for you">
        <Link href="/cases?who=mine" className="link text-12">
          All of mine
        </Link>
      </PanelHead>
      <Loaded
        query={query}
        what="What waits for you"
        waiting={<SkeletonBlock />}
        empty={(view) =>
          view.approvals.length + view.mine.length + view.unacknowledged.length === 0 ? (
            <Empty kind="good" title="Nothing waits for you" />
          ) : null
        }
      >
        {(view) => <Items view={view} />}
      </Loaded>
    </Panel>
  );
}

function Items({ view: { approvals, mine, unacknowledged, now, more } }: { view: WaitingView }) {
  return (
    <ul>
      {approvals.map((approval) => (
        <Item
          key={approval.approvalId}
          icon="shield"
          title={approval.summary}
          note={
            <>
              {approval.requestedByName} asked <LiveAgo at={approval.requestedAt} asOf={now} />; needs a second person
            </>
          }
          href={subjectHref(approval)}
          action={
            <ButtonLink size="sm" href={subjectHref(approval)}>
              Review
            </ButtonLink>
          }
        />
      ))}
      {mine.map((one) => (
        <CaseItem key={one.caseId} one={one} now={now} mine />
      ))}
      {unacknowledged.map((one) => (
        <CaseItem key={one.caseId} one={one} now={now} />
      ))}
      {more && (
        <li className="px-3.5 py-2.5 text-12 text-ink-3">
          There is more:{" "}
          <Link href="/cases" className="link">
            all cases
          </Link>
        </li>
      )}
    </ul>
  );
}

function CaseItem({ one, now, mine = false }: { one: CaseRow; now: Instant; mine?: boolean }) {
  const acts = useCaseActs(one);
  const { leftMs } = useDue(one, now);
  const due = `${leftMs >= 0 ? "due in" : "overdue by"} ${durationText(Math.abs(leftMs))}`;
  const steps = one.stepsN === 0 ? "" : `, ${one.tickedN} of ${one.stepsN} steps done`;
  return (
    <Item
      icon="case"
      title={`${caseName(one.caseId)}, ${one.zone.title}`}
      note={`${one.title}; ${mine ? `yours${steps}` : "nobody has it"}, ${due}`}
      href={caseHref(one.caseId)}
      action={
        mine ? (
          <ButtonLink size="sm" href={caseHref(one.caseId)}>
            Continue
          </ButtonLink>
        ) : (
          <Button
            size="sm"
            blocked={acts.blocked("acknowledge")}
            busy={acts.busy("acknowledge") && "Acknowledging"}
            onClick={() => acts.ask({ act: "acknowledge" })}
          >
            Acknowledge
          </Button>
        )
      }
    />
  );
}

function Item({
  icon,
  title,
  note,
  href,
  action,
}: {
  icon: IconName;
  title: string;
  note: ReactNode;
  href: string;
  action: ReactNode;
}) {
  return (
    <li className="flex items-start gap-2.5 border-b px-3.5 py-2.75 last:border-b-0">
      <Icon name={icon} className="mt-0.5 text-ink-3" />
      <div className="min-w-0 flex-1">
        <Link href={href} className="font-medium [overflow-wrap:anywhere] hover:underline">
          {title}
        </Link>
        <p className="text-12 text-ink-3 [overflow-wrap:anywhere]">{note}</p>
      </div>
      {action}
    </li>
  );
}
