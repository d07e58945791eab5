"use client";
import { useQuery } from "@tanstack/react-query";
import { parseAsInteger, useQueryState } from "nuqs";
import { Loaded } from "@/components/live/loaded";
import { Columns, Page } from "@/components/shell/page";
import { Problem } from "@/components/sources/configuration-panel";
import { Tag } from "@/components/ui/badge";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { EventsPanel } from "@/components/ui/events";
import { Panel, PanelHead } from "@/components/ui/panel";
import { Skeleton, SkeletonBlock } from "@/components/ui/skeleton";
import { When } from "@/components/ui/when";
import { zoneHref } from "@/components/ui/zone-badges";
import { ZoneTabs } from "@/components/zones/zone-tabs";
import { ZoneTitle } from "@/components/zones/zone-verdict";
import type { ZoneContractTab } from "@/lib/zones/views";
import { AccountabilityPart, ExpectationPart, FactsPart, RecoveryPart } from "./contract-parts";
import { contractQuery } from "./queries";
import { SemanticsPart } from "./semantics-part";
import { DiffPanel, YamlPanel } from "./yaml-panel";

/** The agreement in five parts, its text, and how it came to be. */
export function ContractScreen({ zoneId }: { zoneId: string }) {
  const query = useQuery(contractQuery(zoneId));
  const title = query.data?.title ?? zoneId;
  return (
    <Page crumbs={[{ label: "Zones", href: "/zones" }, { label: title, href: zoneHref(zoneId) }, { label: "Contract" }]}>
      <Loaded query={query} what="This contract" headline waiting={<Waiting />}>
        {(tab) => <Tab tab={tab} />}
      </Loaded>
    </Page>
  );
}

function Tab({ tab }: { tab: ZoneContractTab }) {
  const { contract, now } = tab;
  const [other, compare] = useQueryState("compare", parseAsInteger);
  return (
    <>
      <div className="mb-2">
        <ZoneTitle zoneId={tab.zoneId} title={tab.title} />
      </div>
      <p className="mb-3.5 max-w-sentence text-pretty text-18 tracking-lead max-md:text-15">{contract.promise}</p>
      <ZoneTabs zoneId={tab.zoneId} revision={tab.revision} />
      {tab.retiredAt !== null && (
        <Banner look="unknown" className="mt-4" title="This contract was retired.">
          Its file is gone since <When at={tab.retiredAt} now={now} />; nothing is judged by it any more.
        </Banner>
      )}
      <Columns side={<Side tab={tab} compare={compare} />}>
        <FactsPart contract={contract} />
        <ExpectationPart contract={contract} />
        <SemanticsPart contract={contract} watched={tab.watched} />
        <RecoveryPart contract={contract} />
        <AccountabilityPart contract={contract} channels={tab.channels} masking={tab.masking} />
        {other !== null && other !== tab.revision ? (
          <DiffPanel zoneId={tab.zoneId} from={other} yaml={tab.yaml} revision={tab.revision} onClose={() => compare(null)} />
        ) : (
          <YamlPanel yaml={tab.yaml} revision={tab.revision} />
        )}
      </Columns>
    </>
  );
}

function Side({ tab, compare }: { tab: ZoneContractTab; compare: (revision: number) => void }) {
  return (
    <>
      {tab.warnings.length > 0 && (
        <Panel>
          <PanelHead title="What makes it weak" note={tab.warnings.length.toLocaleString("en-US")} />
          <ul>
            {tab.warnings.map((warning) => (
              <Problem key={`${warning.line}${warning.message}`} problem={warning} />
            ))}
          </ul>
        </Panel>
      )}
      <Panel>
        <PanelHead title="Revisions" note={tab.revisions.length.toLocaleString("en-US")} />
        <ol className="py-1">
          {tab.revisions.map((revision) => (
            <li key={revision.revision} className="flex items-center gap-2 px-3.5 py-1.5 text-12">
              <b>v{revision.revision}</b>
              {revision.revision === tab.revision ? (
                <Tag tone="accent">in force</Tag>
              ) : (
                <Button
                  size="sm"
                  onClick={() => compare(revision.revision)}
                  aria-label={`Compare v${revision.revision} with the one in force`}
                >
                  Compare
                </Button>
              )}
              <span className="mono text-ink-3">{revision.contentHash.slice(0, 8)}</span>
              <span className="ml-auto text-ink-3" title={`by ${revision.appliedBy}`}>
                <When at={revision.appliedAt} now={tab.now} />
              </span>
            </li>
          ))}
        </ol>
      </Panel>
      <EventsPanel
        title="Applied"
        now={tab.now}
        none="Not applied yet."
        events={tab.applications.map((each) => ({
          at: each.at,
          text: each.revision === null ? `retired by ${each.workerId}` : `v${each.revision} by ${each.workerId}`,
        }))}
      />
    </>
  );
}

const Waiting = () => (
  <>
    <Skeleton className="h-6 w-60" />
    <Skeleton className="mt-3 h-5 w-1/2" />
    <Panel className="mt-14 h-64">
      <SkeletonBlock />
    </Panel>
  </>
);
