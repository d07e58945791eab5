"use client";
import { useQuery } from "@tanstack/react-query";
import { Loaded } from "@/components/live/loaded";
import { Button, ButtonLink, IconButton } from "@/components/ui/button";
import { Kbd } from "@/components/ui/kbd";
import { Facts } from "@/components/ui/panel";
import { SkeletonBlock } from "@/components/ui/skeleton";
import { ZoneBadges } from "@/components/ui/zone-badges";
import type { GroupRow } from "@/lib/dead-letters/views";
import { CauseWords } from "./cause-words";
import { ArrivalsChart, groupFacts, NextHint } from "./group-parts";
import { groupHref } from "./group-row";
import { groupQuery } from "./queries";
import { TriageButtons } from "./triage-buttons";
import { SeenBeforeList, TriageNote } from "./triage-panels";
import type { Asking } from "./triage-words";
import type { Triaging } from "./use-triage";

type Props = {
  group: GroupRow;
  place: string;
  blocked: string | null;
  triage: Triaging;
  asks: (asking: Asking) => void;
  onRetry: () => void;
  onClose: () => void;
};

/** "Retry now?" answered first, then why. */
export function GroupDrawer({ group, place, blocked, triage, asks, onRetry, onClose }: Props) {
  const query = useQuery(groupQuery(group.groupId));
  return (
    <>
      <div className="border-b px-4 pt-3.5 pb-3">
        <div className="mb-1.5 flex flex-wrap items-center gap-2">
          <ZoneBadges zones={group.zones} />
          <span className="ml-auto flex items-center gap-1 text-12 text-ink-3">
            {place} <Kbd>j</Kbd> <Kbd>k</Kbd>
          </span>
          <IconButton name="x" label="Close the details" onClick={onClose} />
        </div>
        <h2 className="text-15 font-semibold tracking-lead [overflow-wrap:anywhere]">{group.errorType}</h2>
        <p className="mono mt-0.5 leading-4.5 text-ink-2 [overflow-wrap:anywhere]">
          {group.template}
          <CauseWords cause={group.cause} />
        </p>
        <div className="mt-2.5 flex flex-wrap gap-2">
          <ButtonLink href={groupHref(group.groupId)} size="sm" tone="primary" shortcut="⏎">
            Open
          </ButtonLink>
          <Button size="sm" shortcut="r" blocked={blocked} onClick={onRetry}>
            Preview retry
          </Button>
          <TriageButtons group={group} people={query.data?.triage.people ?? []} triage={triage} asks={asks} size="sm" />
        </div>
        <TriageNote group={group} className="mt-2 text-12" />
      </div>
      <Loaded query={query} what="This group" waiting={<SkeletonBlock className="h-80" />}>
        {(view) => (
          <div className="divide-y divide-line">
            {view.nextHint.length > 0 && (
              <div className="px-4 py-3">
                <NextHint view={view} />
              </div>
            )}
            <div className="pb-1">
              <ArrivalsChart view={view} framed={false} height={128} />
            </div>
            <div className="px-4 py-3">
              <Facts rows={groupFacts(view)} />
            </div>
            <div className="px-4 py-3 text-12">
              <h3 className="mb-1 text-11 text-ink-3">Seen before</h3>
              <SeenBeforeList seen={view.triage.seenBefore} now={view.now} />
            </div>
            {view.frame && (
              <div className="px-4 py-3">
                <h3 className="mb-1 text-11 text-ink-3">Where it fails, your code first</h3>
                <p className="mono [overflow-wrap:anywhere]">{view.frame}</p>
              </div>
            )}
          </div>
        )}
      </Loaded>
    </>
  );
}
