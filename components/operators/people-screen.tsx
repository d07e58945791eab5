"use client";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Loaded } from "@/components/live/loaded";
import { Page } from "@/components/shell/page";
import { useScreenActions } from "@/components/shell/palette/actions";
import { Button } from "@/components/ui/button";
import { Panel, PanelHead } from "@/components/ui/panel";
import { LeadSentence } from "@/components/ui/sentence";
import { SkeletonRows } from "@/components/ui/skeleton";
import { InviteDialog } from "./invite-dialog";
import { PeopleTable } from "./people-table";
import { peopleSentence } from "./people-words";
import { peopleQuery } from "./queries";

/** Who may come in, with which role and where; administrators for all zones see it. */
export function PeopleScreen() {
  const query = useQuery(peopleQuery());
  const router = useRouter();
  const [inviting, setInviting] = useState(false);
  const may = query.data !== undefined;
  useScreenActions(may ? [{ label: "Invite somebody", run: () => setInviting(true) }] : []);
  return (
    <Page crumbs={[{ label: "People" }]}>
      <Loaded
        query={query}
        what="People"
        headline
        waiting={
          <Panel className="mt-12">
            <SkeletonRows rows={5} />
          </Panel>
        }
      >
        {(view) => (
          <>
            <LeadSentence parts={peopleSentence(view)} className="mb-3.5" />
            <Panel>
              <PanelHead title="Everybody" note="A change counts from their next request.">
                <Button size="sm" icon="plus" onClick={() => setInviting(true)}>
                  Invite
                </Button>
              </PanelHead>
              <PeopleTable view={view} open={(id) => router.push(`/people/${id}`)} />
            </Panel>
          </>
        )}
      </Loaded>
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
    </Page>
  );
}
