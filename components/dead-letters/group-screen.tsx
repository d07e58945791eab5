"use client";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Loaded } from "@/components/live/loaded";
import { operationHref } from "@/components/operations/words";
import { Columns, Page } from "@/components/shell/page";
import { useScreenActions } from "@/components/shell/palette/actions";
import { useWhyNot } from "@/components/shell/use-why-not";
import { Tag } from "@/components/ui/badge";
import { BlockedNote } from "@/components/ui/blocked-note";
import { Button } from "@/components/ui/button";
import { EventsPanel } from "@/components/ui/events";
import { useKeys } from "@/components/ui/keys";
import { usePhone } from "@/components/ui/media";
import { Panel } from "@/components/ui/panel";
import { Skeleton, SkeletonBlock } from "@/components/ui/skeleton";
import { ZoneBadges } from "@/components/ui/zone-badges";
import type { GroupView } from "@/lib/dead-letters/views";
import { counted } from "@/lib/words";
import { CauseWords } from "./cause-words";
import { ActDialog, TriageDialog } from "./dialogs";
import { Details } from "./group-details";
import { ArrivalsChart } from "./group-parts";
import { GroupSample } from "./group-sample";
import { KeysPanel } from "./keys-panel";
import { LedTo, useLedTo } from "./led-to";
import { groupQuery, readinessQuery } from "./queries";
import { BeforeRetry } from "./readiness-panel";
import { regroupedTag } from "./regrouped-words";
import { openStates, TriageButtons } from "./triage-buttons";
import { GroupHistory, TriageNote } from "./triage-panels";
import type { Asking } from "./triage-words";
import { useTriage } from "./use-triage";
import { blockedFor, phoneBlock, type Selection, versionWords, type Wish } from "./words";

/** One way of failing: does it still come in, what does it look like, what can be done. */
export function GroupScreen({ groupId }: { groupId: string }) {
  const query = useQuery(groupQuery(groupId));
  const group = query.data?.group;
  useLedTo(query.data);
  return (
    <Page
      crumbs={[
        { label: "Dead letters", href: "/dead-letters" },
        ...(group
          ? [{ label: group.consumer, href: `/dead-letters?q=${encodeURIComponent(`consumer:${group.consumer}`)}` }]
          : []),
        { label: group?.errorType ?? "Group" },
      ]}
    >
      <Loaded query={query} what="This group" headline waiting={<Waiting />}>
        {(view) => <Group view={view} />}
      </Loaded>
    </Page>
  );
}

function Group({ view }: { view: GroupView }) {
  const { group, placed } = view;
  const [chosen, setChosen] = useState<string[]>([]);
  const [asked, setAsked] = useState<{ act: Wish; selection: Selection } | null>(null);
  const ask = (act: Wish) => setAsked({ act, selection: chosen.length > 0 ? { messages: chosen } : { groups: [group.groupId] } });
  const { data: readiness } = useQuery(readinessQuery(group.groupId));
  const triage = useTriage(group);
  const [asking, setAsking] = useState<Asking | null>(null);
  const [picked, setPicked] = useState<string | null>(null);
  const whyNot = useWhyNot();
  const noAct = view.act ? null : `${group.sourceId} is observed only (act: false), so Accord may not write to it.`;
  const none = placed.ledTo
    ? `Its messages are with group ${placed.ledTo.groupId}.`
    : group.openN === 0
      ? "Nothing of this group is parked any more."
      : null;
  const phone = usePhone();
  const blocked = (act: Wish) => noAct ?? none ?? blockedFor(whyNot, act, [group]);
  const blockedAll = (act: Wish) => blocked(act) ?? phoneBlock(phone);
  useKeys({ r: () => blockedAll("retry") === null && ask("retry"), a: triage.take, e: openStates });
  const what = chosen.length > 0 ? `what is chosen (${chosen.length})` : "this group";
  useScreenActions([
    { label: `Preview a retry of ${what}`, run: () => ask("retry"), keys: "r", blocked: blockedAll("retry") },
    { label: `Edit and retry ${what}`, run: () => ask("edit"), blocked: blockedAll("edit") },
    { label: "Take this group", run: triage.take, keys: "a", blocked: triage.blocked("assign") },
    { label: `Preview discarding ${what}`, run: () => ask("discard"), blocked: blockedAll("discard") },
  ]);
  return (
    <>
      <Head
        group={group}
        chosenN={chosen.length}
        urged={group.growingPerMinute === 0 && !readiness?.answers.some(({ answer }) => answer === "no")}
        blocked={blockedAll}
        ask={ask}
      >
        <TriageButtons group={group} people={view.triage.people} triage={triage} asks={setAsking} />
      </Head>
      {placed.ledTo ? <LedTo ledTo={placed.ledTo} now={view.now} /> : <BeforeRetry view={view} readiness={readiness} />}
      <Columns
        side={
          <>
            {!placed.ledTo && (
              <KeysPanel
                groupId={group.groupId}
                openN={group.openN}
                picked={picked}
                onPick={setPicked}
                blocked={{ retry: blocked("retry"), discard: blocked("discard") }}
                chosen={chosen}
                onChosen={setChosen}
                ask={ask}
              />
            )}
            <Details view={view} triage={triage} />
            {!placed.ledTo && <GroupHistory view={view} triage={triage} />}
            <Operations view={view} />
          </>
        }
      >
        {placed.ledTo ? (
          <GroupHistory view={view} triage={triage} />
        ) : (
          <>
            <ArrivalsChart view={view} />
            <GroupSample view={view} picked={picked} onPick={setPicked} />
          </>
        )}
      </Columns>
      {asking && <TriageDialog asking={asking} group={group} triage={triage} now={view.now} onClose={() => setAsking(null)} />}
      {asked && <ActDialog {...asked} onClose={() => setAsked(null)} />}
    </>
  );
}

type HeadProps = {
  group: GroupView["group"];
  chosenN: number;
  /** Nothing that is known speaks against a retry. */
  urged: boolean;
  blocked: (act: Wish) => string | null;
  ask: (act: Wish) => void;
  children: ReactNode;
};

function Head({ group, chosenN, urged, blocked, ask, children }: HeadProps) {
  const regrouped = regroupedTag(group.regrouped);
  const chosen = chosenN > 0 ? ` ${chosenN.toLocaleString("en-US")} selected` : null;
  return (
    <>
      <div className="flex flex-wrap items-start gap-2.5">
        <h1 className="min-w-0 flex-1 basis-72 text-22 font-semibold tracking-title [overflow-wrap:anywhere]">
          {group.errorType}
        </h1>
        {children}
        <Button blocked={blocked("discard")} onClick={() => ask("discard")}>
          Discard{chosen}
        </Button>
        <Button blocked={blocked("edit")} onClick={() => ask("edit")}>
          {chosen ? `Edit${chosen}…` : "Edit and retry…"}
        </Button>
        <Button tone={urged ? "primary" : "default"} shortcut="r" blocked={blocked("retry")} onClick={() => ask("retry")}>
          Retry{chosen ?? ` ${group.openN.toLocaleString("en-US")}`}
        </Button>
      </div>
      <BlockedNote reason={blocked("retry") ?? blocked("discard")} />
      <p className="mono mt-0.75 [overflow-wrap:anywhere]">
        {group.template}
        <CauseWords cause={group.cause} />
      </p>
      <div className="mt-1.5 mb-3.5 flex flex-wrap items-center gap-x-2 gap-y-1 text-ink-2">
        <ZoneBadges zones={group.zones} />
        <span>
          <span className="mono text-ink">{group.consumer}</span> reads <span className="mono text-ink">{group.eventType}</span>
        </span>
        <span className="text-ink-3">·</span>
        <span>{counted(group.openN, "message")} parked</span>
        {group.versions.length > 0 && <span className="text-ink-3">·</span>}
        <span className="mono">{versionWords(group.versions)}</span>
        {regrouped && <Tag>{regrouped}</Tag>}
      </div>
      <TriageNote group={group} className="-mt-2 mb-3.5" />
    </>
  );
}

function Operations({ view }: { view: GroupView }) {
  return (
    <EventsPanel
      title="Operations"
      now={view.now}
      none="Nobody has acted on this group."
      events={view.operations.map((each) => ({
        at: each.at,
        text: `${each.title}, ${each.state}`,
        href: operationHref(each.operationId),
      }))}
    />
  );
}

function Waiting() {
  return (
    <>
      <Skeleton className="h-6 w-72" />
      <Skeleton className="mt-3 w-96" />
      <Panel className="mt-12 h-44">
        <SkeletonBlock />
      </Panel>
    </>
  );
}
