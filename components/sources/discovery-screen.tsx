"use client";
import { useQuery } from "@tanstack/react-query";
import { Loaded } from "@/components/live/loaded";
import { Columns, Page } from "@/components/shell/page";
import { Panel, PanelHead } from "@/components/ui/panel";
import { LeadSentence } from "@/components/ui/sentence";
import { Skeleton, SkeletonRows } from "@/components/ui/skeleton";
import { discoverySentence } from "@/lib/sources/discovery-words";
import { textOf } from "@/lib/words";
import { FoundPanels } from "./found-panels";
import { LookForm } from "./look-form";
import { discoveryQuery } from "./queries";

/** The way from a database to a source: what is in it, what Accord would show of it, and the configuration to copy. */
export function DiscoveryScreen() {
  const query = useQuery(discoveryQuery());
  return (
    <Page crumbs={[{ label: "Sources", href: "/sources" }, { label: "Add a source" }]}>
      <Loaded query={query} what="What was found" headline waiting={<Waiting />}>
        {(view) => {
          const sentence = discoverySentence(view);
          return (
            <>
              <LeadSentence parts={sentence} className="[overflow-wrap:anywhere]" />
              <p role="status" className="sr-only">
                {textOf(sentence)}
              </p>
              <Columns side={<HowPanel />}>
                <LookForm view={view} />
                {view.look?.found && <FoundPanels found={view.look.found} />}
              </Columns>
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

const HowPanel = () => (
  <Panel>
    <PanelHead title="What a look does" />
    <ul className="list-disc space-y-1.5 py-3 pr-3.5 pl-7.5 text-12 text-ink-2">
      <li>A worker connects read-only, with the login of the address, and gives up after 10 s. It changes nothing.</li>
      <li>
        It reads the catalogue, and of the 120 largest tables 200 keys at most, to find copies. No other value of a row is read.
      </li>
      <li>
        Accord takes no address here. Put it into the environment of the worker, as in{" "}
        <span className="mono [overflow-wrap:anywhere]">ORDERS_DATABASE_URL=postgres://reader:…@host/orders</span>, start the
        worker anew, and name the variable.
      </li>
      <li>What was found is kept until the next look. Who looked at what is in the audit.</li>
      <li>
        <span className="mono [overflow-wrap:anywhere]">npm run source:discover -- ORDERS_DATABASE_URL</span> prints the same.
      </li>
    </ul>
  </Panel>
);

const Waiting = () => (
  <>
    <Skeleton className="h-6 w-2/5" />
    <Panel className="mt-3.5">
      <SkeletonRows rows={4} />
    </Panel>
  </>
);
