"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Loaded } from "@/components/live/loaded";
import { Page } from "@/components/shell/page";
import { meQuery } from "@/components/shell/queries";
import { TokenTable } from "@/components/tokens/token-table";
import { Button, ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Facts, Panel, PanelHead } from "@/components/ui/panel";
import { LeadSentence } from "@/components/ui/sentence";
import { SkeletonRows } from "@/components/ui/skeleton";
import { When } from "@/components/ui/when";
import type { Operator } from "@/lib/operators/rules";
import type { PersonView } from "@/lib/operators/views";
import { can } from "@/lib/permissions";
import { ChangeDialog } from "./change-dialog";
import { FactorDialog, OwnFactorDialog } from "./factor-dialogs";
import { Marks } from "./people-table";
import { factorText, personSentence, waysText, zonesText } from "./people-words";
import { ActiveDialog, ResetDialog, SignOutDialog } from "./person-dialogs";
import { personQuery } from "./queries";
import { SessionsTable } from "./sessions-table";

/** One person: what they may, what is open in their name, and what an administrator can do about it. `own`: it is who looks. */
export function PersonScreen({ operatorId, own = false }: { operatorId: string; own?: boolean }) {
  const query = useQuery(personQuery(operatorId));
  const crumbs = own
    ? [{ label: "Your account" }]
    : [{ label: "People", href: "/people" }, { label: query.data?.operator.name ?? "Person" }];
  return (
    <Page crumbs={crumbs}>
      <Loaded
        query={query}
        what="This person"
        headline
        waiting={
          <Panel className="mt-12">
            <SkeletonRows rows={4} />
          </Panel>
        }
      >
        {(view) => <Person view={view} />}
      </Loaded>
    </Page>
  );
}

type Asking = keyof typeof dialogs;

function Person({ view }: { view: PersonView }) {
  const [asking, setAsking] = useState<Asking | null>(null);
  const { data: me } = useQuery(meQuery());
  const { operator, tokens, now } = view;
  const isMe = me?.actor.operatorId === operator.id;
  const mayChange = me !== undefined && can(me.actor, "operator.change", []).ok;
  const Asked = asking && dialogs[asking];
  return (
    <>
      <LeadSentence parts={personSentence(view)} className="mb-3.5" />
      <div className="space-y-4">
        <Panel>
          <PanelHead title={operator.name} note={operator.email}>
            {isMe && <OwnActs operator={operator} ask={setAsking} />}
            {mayChange && <Acts operator={operator} isMe={isMe} ask={setAsking} />}
          </PanelHead>
          <About view={view} />
        </Panel>
        <Sessions
          view={view}
          here={isMe ? (me?.actor.sessionId ?? null) : null}
          endAll={mayChange && !isMe ? () => setAsking("sign-out") : null}
        />
        <Panel>
          <PanelHead title="Personal tokens" note="They act as their owner, and may never more than the owner may.">
            {isMe && (
              <ButtonLink size="sm" href="/tokens">
                All tokens
              </ButtonLink>
            )}
          </PanelHead>
          {tokens.length === 0 ? (
            <Empty kind="first-use" icon="lock" title="There is no token">
              Who needs one for a script makes it themselves.
            </Empty>
          ) : (
            <TokenTable tokens={tokens} now={now} label="Personal tokens" />
          )}
        </Panel>
      </div>
      {Asked && <Asked operator={operator} onClose={() => setAsking(null)} />}
    </>
  );
}

type OwnActsProps = { operator: Operator; ask: (what: Asking) => void };

function OwnActs({ operator: { signsInWith, secondFactorSince }, ask }: OwnActsProps) {
  return (
    <>
      <ButtonLink size="sm" href="/password?from=%2Faccount">
        Change password
      </ButtonLink>
      {secondFactorSince !== null && (
        <Button size="sm" onClick={() => ask("own-factor")}>
          Remove second factor
        </Button>
      )}
      {secondFactorSince === null && /password|both/.test(signsInWith) && (
        <ButtonLink size="sm" href="/second-factor?from=%2Faccount">
          Set up a second factor
        </ButtonLink>
      )}
    </>
  );
}

type ActsProps = OwnActsProps & { isMe: boolean };

// Nobody switches themselves off or gives themselves a password that somebody else has seen.
function Acts({ operator: { active, secondFactorSince }, isMe, ask }: ActsProps) {
  return (
    <>
      <Button size="sm" onClick={() => ask("change")}>
        Change
      </Button>
      {!isMe && active && (
        <Button size="sm" onClick={() => ask("reset")}>
          New password
        </Button>
      )}
      {!isMe && secondFactorSince !== null && (
        <Button size="sm" onClick={() => ask("factor")}>
          Remove second factor
        </Button>
      )}
      {!isMe && (
        <Button size="sm" tone={active ? "danger" : "default"} onClick={() => ask("active")}>
          {active ? "Switch off" : "Let in again"}
        </Button>
      )}
    </>
  );
}

type SessionsProps = { view: PersonView; here: string | null; endAll: (() => void) | null };

function Sessions({ view: { operator, sessions, now }, here, endAll }: SessionsProps) {
  return (
    <Panel>
      <PanelHead title="Sessions" note="A browser each; one ends after twelve hours without a request.">
        {endAll && sessions.length > 0 && (
          <Button size="sm" tone="danger" onClick={endAll}>
            End all
          </Button>
        )}
      </PanelHead>
      {sessions.length === 0 ? (
        <Empty kind="first-use" icon="user" title="No session is open">
          {operator.active ? "They are not signed in anywhere." : "They may not sign in."}
        </Empty>
      ) : (
        <SessionsTable sessions={sessions} now={now} here={here} />
      )}
    </Panel>
  );
}

const dialogs = {
  change: ChangeDialog,
  reset: ResetDialog,
  active: ActiveDialog,
  "sign-out": SignOutDialog,
  factor: FactorDialog,
  "own-factor": OwnFactorDialog,
} as const;

function About({ view: { operator, now } }: { view: PersonView }) {
  return (
    <div className="px-3.5 py-3">
      <Facts
        rows={[
          ["Role", operator.role],
          ["Zones", zonesText(operator)],
          ["Comes in with", waysText[operator.signsInWith]],
          ["Second factor", factorText(operator)],
          ["Here since", <When key="since" at={operator.createdAt} now={now} as="day" />],
          ["Last seen", operator.lastSeenAt === null ? "never" : <When key="seen" at={operator.lastSeenAt} now={now} />],
        ]}
      />
      <div className="mt-2 flex gap-2 empty:hidden">
        <Marks one={operator} />
      </div>
    </div>
  );
}
