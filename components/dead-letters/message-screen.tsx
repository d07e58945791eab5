"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Refused } from "@/components/fetch";
import { Loaded } from "@/components/live/loaded";
import { operationHref, operationName } from "@/components/operations/words";
import { Columns, Page } from "@/components/shell/page";
import { useWhyNot } from "@/components/shell/use-why-not";
import { Banner } from "@/components/ui/banner";
import { BlockedNote } from "@/components/ui/blocked-note";
import { Button, ButtonLink } from "@/components/ui/button";
import { EventsPanel } from "@/components/ui/events";
import { KeyLink } from "@/components/ui/key-link";
import { LiveAge } from "@/components/ui/live-age";
import { Panel } from "@/components/ui/panel";
import { Skeleton, SkeletonBlock } from "@/components/ui/skeleton";
import { ZoneBadges } from "@/components/ui/zone-badges";
import type { ClosedDetail, MessageView } from "@/lib/dead-letters/views";
import { ClosedMessage } from "./closed-message";
import { ActDialog, CloseDialog } from "./dialogs";
import { ExceptionPanel } from "./exception-panel";
import { groupHref } from "./group-row";
import { DetailsPanel } from "./message-details";
import { messageQuery } from "./queries";
import { SamplePanel } from "./sample-panel";
import { blockedFor, type Wish } from "./words";

/** One dead letter: what it carries, why it failed, and what was done with it. */
export function MessageScreen({ id }: { id: string }) {
  const query = useQuery(messageQuery(id));
  const view = query.data;
  return (
    <Page
      crumbs={[
        { label: "Dead letters", href: "/dead-letters" },
        ...(view ? [{ label: view.group.errorType, href: groupHref(view.group.groupId) }] : []),
        { label: view?.message.businessKey ?? "Message", code: true },
      ]}
    >
      {isClosed(query.error) ? (
        <ClosedMessage id={id} sentence={query.error.message} closed={query.error.detail as ClosedDetail} />
      ) : (
        <Loaded query={query} what="This message" headline waiting={<Waiting />}>
          {(data) => <Message view={data} />}
        </Loaded>
      )}
    </Page>
  );
}

const isClosed = (error: Error | null): error is Refused => error instanceof Refused && "closedAs" in error.detail;

function Message({ view }: { view: MessageView }) {
  const { message, group, now } = view;
  const [asked, setAsked] = useState<Wish | "resolve" | null>(null);
  const whyNot = useWhyNot();
  const busy = message.operationId ? `${operationName(message.operationId)} is at work on it.` : null;
  const blocked = (act: Wish) => busy ?? blockedFor(whyNot, act, [group]);
  return (
    <>
      <div className="flex flex-wrap items-start gap-2.5">
        <h1 className="mono min-w-0 flex-1 basis-72 text-22 font-semibold">
          {message.businessKey === null ? message.messageId : <KeyLink businessKey={message.businessKey} />}
        </h1>
        <Button blocked={busy ?? blockedFor(whyNot, "resolve", [group])} onClick={() => setAsked("resolve")}>
          Resolve by hand
        </Button>
        <Button blocked={blocked("discard")} onClick={() => setAsked("discard")}>
          Discard
        </Button>
        <Button blocked={blocked("edit")} onClick={() => setAsked("edit")}>
          Edit and retry…
        </Button>
        <Button tone="primary" blocked={blocked("retry")} onClick={() => setAsked("retry")}>
          Retry 1
        </Button>
      </div>
      {message.operationId === null && <BlockedNote reason={blocked("retry") ?? blocked("discard")} />}
      <div className="mt-1.5 mb-3.5 flex flex-wrap items-center gap-x-2 gap-y-1 text-ink-2">
        <ZoneBadges zones={group.zones} />
        <span>
          <span className="mono text-ink">{view.eventType}</span>
          {message.version !== null && ` v${message.version}`} parked at <span className="mono text-ink">{group.consumer}</span>,{" "}
          <LiveAge since={message.occurredAt ?? message.parkedAt} asOf={now} /> old
        </span>
      </div>
      {message.operationId && (
        <Banner
          look="converging"
          className="mb-4"
          title={`${operationName(message.operationId)} is at work on this message.`}
          actions={
            <ButtonLink size="sm" href={operationHref(message.operationId)}>
              Open operation
            </ButtonLink>
          }
        >
          Until that operation is done with it, nobody else can act on it.
        </Banner>
      )}
      <Columns
        side={
          <>
            <DetailsPanel view={view} />
            <EventsPanel title="History" events={view.history} now={now} none="Nobody has acted on this message." />
          </>
        }
      >
        <SamplePanel view={view} title="Message" note={`${view.payloadBytes.toLocaleString("en-US")} bytes`} />
        <ExceptionPanel view={view} frame={null} />
      </Columns>
      {asked === "resolve" ? (
        <CloseDialog first="resolve" selection={{ messages: [message.id] }} onClose={() => setAsked(null)} />
      ) : (
        asked && <ActDialog act={asked} selection={{ messages: [message.id] }} onClose={() => setAsked(null)} />
      )}
    </>
  );
}

function Waiting() {
  return (
    <>
      <Skeleton className="h-6 w-60" />
      <Panel className="mt-14 h-96">
        <SkeletonBlock />
      </Panel>
    </>
  );
}
