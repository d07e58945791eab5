"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Loaded } from "@/components/live/loaded";
import { Page } from "@/components/shell/page";
import { meQuery } from "@/components/shell/queries";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Panel, PanelHead } from "@/components/ui/panel";
import { LeadSentence } from "@/components/ui/sentence";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { TokenKind } from "@/lib/tokens/rules";
import type { TokensView } from "@/lib/tokens/views";
import { MakeDialog } from "./make-dialog";
import { tokensQuery } from "./queries";
import { TokenTable } from "./token-table";
import { tokensSentence } from "./words";

/** What scripts show in place of a session: one's own tokens, and for administrators those of services. */
export function TokensScreen() {
  const query = useQuery(tokensQuery());
  const [making, setMaking] = useState<TokenKind | null>(null);
  const { data: me } = useQuery(meQuery());
  return (
    <Page crumbs={[{ label: "Tokens" }]}>
      <Loaded
        query={query}
        what="Tokens"
        headline
        waiting={
          <Panel className="mt-12">
            <SkeletonRows rows={3} />
          </Panel>
        }
      >
        {(view) => (
          <>
            <LeadSentence parts={tokensSentence(view)} className="mb-3.5" />
            <div className="space-y-4">
              <Own view={view} make={() => setMaking("personal")} />
              {view.services && <Services view={view} services={view.services} make={() => setMaking("service")} />}
            </div>
          </>
        )}
      </Loaded>
      {making && me && query.data && (
        <MakeDialog kind={making} me={me.actor} proof={query.data.proof} onClose={() => setMaking(null)} />
      )}
    </Page>
  );
}

function Own({ view, make }: { view: TokensView; make: () => void }) {
  return (
    <Panel>
      <PanelHead title="Your tokens" note="They act as you, and may never more than you may.">
        <Button size="sm" icon="plus" onClick={make}>
          Make token
        </Button>
      </PanelHead>
      {view.own.length === 0 ? (
        <Empty kind="first-use" icon="lock" title="You have no token">
          A script that shows one may read what you may read, and do what its role allows. It ends by itself.
        </Empty>
      ) : (
        <TokenTable tokens={view.own} now={view.now} label="Your tokens" />
      )}
    </Panel>
  );
}

function Services({ view, services, make }: { view: TokensView; services: TokensView["own"]; make: () => void }) {
  return (
    <Panel>
      <PanelHead title="Service tokens" note="They stay when whoever made them leaves.">
        <Button size="sm" icon="plus" onClick={make}>
          Make service token
        </Button>
      </PanelHead>
      {services.length === 0 ? (
        <Empty kind="first-use" icon="lock" title="No service has a token">
          A pipeline that marks deploys takes one of an operator, and what scrapes the figures one of a viewer.
        </Empty>
      ) : (
        <TokenTable tokens={services} now={view.now} label="Service tokens" />
      )}
    </Panel>
  );
}
