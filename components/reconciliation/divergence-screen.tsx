"use client";
import { useQuery } from "@tanstack/react-query";
import { Loaded } from "@/components/live/loaded";
import { Columns, Page } from "@/components/shell/page";
import { Tag, VerdictBadge } from "@/components/ui/badge";
import { KeyLink } from "@/components/ui/key-link";
import { Link } from "@/components/ui/link";
import { LiveAgo, useAge } from "@/components/ui/live-age";
import { Facts, Panel, PanelHead } from "@/components/ui/panel";
import { Sentence } from "@/components/ui/sentence";
import { SkeletonBlock } from "@/components/ui/skeleton";
import { When } from "@/components/ui/when";
import { WindowBar } from "@/components/ui/window-bar";
import type { DivergenceView } from "@/lib/reconciliation/views";
import { detailWords, divergenceSentence, kindWords, resolutionWords } from "@/lib/reconciliation/words";
import { durationWords, windowWords } from "@/lib/time";
import { DiffTable, useShownFields } from "./diff-table";
import { stateWords } from "./filter";
import { KindGlyph } from "./kind-glyph";
import { divergenceQuery } from "./queries";
import { RecheckButton } from "./recheck-button";

/** One divergence: what differs side by side, how old it is, and what looking at it found. */
export function DivergenceScreen({ divergenceId }: { divergenceId: string }) {
  const query = useQuery(divergenceQuery(divergenceId));
  const key = query.data?.divergence.key ?? divergenceId;
  return (
    <Page crumbs={[{ label: "Divergences", href: "/divergences" }, { label: key }]}>
      <Loaded query={query} what="This divergence" headline waiting={<SkeletonBlock />}>
        {(view) => <Shown view={view} />}
      </Loaded>
    </Page>
  );
}

function Shown({ view }: { view: DivergenceView }) {
  const { divergence } = view;
  const where = divergence.projection?.service ?? divergence.rule;
  return (
    <>
      <div className="mb-1 flex flex-wrap items-center gap-2.5">
        <h1 className="text-22 font-semibold tracking-title">
          {divergence.key} {divergence.kind === "missing" ? "is missing" : "is wrong"} in {where}
        </h1>
        <Tag code>D-{divergence.divergenceId}</Tag>
        <VerdictBadge verdict={divergence.zone.verdict}>
          <Link href={`/zones/${encodeURIComponent(divergence.zone.zoneId)}`}>{divergence.zone.title}</Link>
        </VerdictBadge>
      </div>
      <p className="max-w-88ch text-18 leading-6.5 text-ink-2">
        <Sentence parts={divergenceSentence(divergence, view.now)} />
      </p>
      <Columns side={<Side view={view} />} sideWidth={324}>
        <Difference view={view} />
        <History view={view} />
      </Columns>
    </>
  );
}

function Difference({ view }: { view: DivergenceView }) {
  const { divergence, lastSeenAt, now } = view;
  const { fields, choice, differingN } = useShownFields(view.fields);
  const settled = divergence.state === "resolved";
  return (
    <Panel>
      <PanelHead
        title={settled ? "What differed" : "What differs"}
        note={
          <>
            {differingN} of {view.fields.length} {view.fields.length === 1 ? "field" : "fields"}, looked at{" "}
            <LiveAgo at={lastSeenAt} asOf={now} />
          </>
        }
      >
        {choice}
        <RecheckButton
          divergenceId={divergence.divergenceId}
          zoneId={divergence.zone.zoneId}
          lastSeenAt={lastSeenAt}
          settled={settled}
        />
      </PanelHead>
      <DiffTable
        fields={fields}
        kind={divergence.kind}
        authority={{
          service: divergence.authority?.service ?? "authority",
          note: view.version === null ? "" : `v${view.version}`,
        }}
        projection={{
          service: divergence.projection?.service ?? "projection",
          note: divergence.detail ? detailWords[divergence.detail] : "",
        }}
      />
    </Panel>
  );
}

function History({ view: { history, now } }: { view: DivergenceView }) {
  return (
    <Panel>
      <PanelHead title="History" note="what looking at it found that was new" />
      <ol className="px-3.5 py-2 text-12">
        {[...history].reverse().map((moment, i) => (
          <li key={i} className="flex gap-3 py-1">
            <When at={moment.at} now={now} className="w-23 flex-none text-ink-3" />
            <span className="min-w-0">{moment.text}</span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function Side({ view }: { view: DivergenceView }) {
  const { divergence, now } = view;
  const { zone, rule, authority, projection, kind, detail } = divergence;
  const list = `/divergences?${new URLSearchParams({ zone: zone.zoneId, rule })}`;
  return (
    <>
      <AgePanel view={view} />
      <Panel>
        <PanelHead title="Divergence" />
        <div className="px-3.5 py-3">
          <Facts
            rows={[
              ["State", stateWords[divergence.state]],
              ["Kind", <KindGlyph key="kind" kind={kind} detail={detail && detailWords[detail]} />],
              ["Key", <KeyLink key="key" businessKey={divergence.key} className="link" />],
              [
                "Rule",
                <Link key="rule" href={list} className="link mono">
                  {rule}
                </Link>,
              ],
              ...(divergence.caseId
                ? [
                    [
                      "Case",
                      <Link key="case" href={`/cases/${divergence.caseId}`} className="link mono">
                        CASE-{divergence.caseId}
                      </Link>,
                    ] as [string, React.ReactNode],
                  ]
                : []),
              ["Authority", authority ? <Relation key="a" {...authority} /> : "not in the contract any more"],
              ["Projection", projection ? <Relation key="p" {...projection} /> : "not in the contract any more"],
              [
                "Changed",
                <span key="at" className="mono">
                  {view.changedAt ?? "not told"}
                </span>,
              ],
              ["First seen", <When key="first" at={divergence.firstSeenAt} now={now} />],
              ["Seen", `${divergence.seenN.toLocaleString("en-US")} times since`],
              ...(view.confirmedAt === null
                ? []
                : [["Confirmed", <When key="c" at={view.confirmedAt} now={now} />] as [string, React.ReactNode]]),
              ...(divergence.explainedBy ? [["Explained", divergence.explainedBy] as [string, React.ReactNode]] : []),
              ...(divergence.resolution ? [["Ended", resolutionWords[divergence.resolution]] as [string, React.ReactNode]] : []),
            ]}
          />
        </div>
      </Panel>
    </>
  );
}

const Relation = ({ service, relation }: { service: string; relation: string }) => (
  <>
    {service}, <span className="mono">{relation}</span>
  </>
);

function AgePanel({ view: { divergence, now } }: { view: DivergenceView }) {
  const ms = useAge(divergence.since, now);
  if (divergence.state === "resolved" || divergence.windowMs === 0) return null;
  const share = ms / divergence.windowMs;
  const tone = divergence.state !== "open" ? "conv" : share > 1 ? "breach" : "risk";
  return (
    <Panel className="px-3.5 py-3">
      <p className="text-12 text-ink-3">
        {kindWords[divergence.kind]}, against the window of {windowWords(divergence.windowMs)}
      </p>
      <p className="mt-1 mb-2 text-18 font-semibold">{durationWords(ms)}</p>
      <WindowBar share={share} tone={tone} tall />
    </Panel>
  );
}
