"use client";
import { useQueryClient } from "@tanstack/react-query";
import { alertHref } from "@/components/alerts/words";
import { useIntent } from "@/components/intent";
import { Button, ButtonLink } from "@/components/ui/button";
import { LiveAgo } from "@/components/ui/live-age";
import { Facts } from "@/components/ui/panel";
import type { AlertLinkView } from "@/lib/notifications/views";
import { HeldLink, LinkFailure } from "./held-link";
import { askAlertLink, requestByLink } from "./queries";
import { linkPageWords } from "./words";

/** The page of a link that takes an alert: which it is, and one press. */
export const AcknowledgeLink = () => (
  <HeldLink page="acknowledge" what="the alert" ask={askAlertLink}>
    {(view, link) => (
      <>
        <h2 className="text-15 font-medium [overflow-wrap:anywhere]">{view.words}</h2>
        <Facts
          rows={[
            ["Zone", view.zone],
            ["Raised", view.raisedAt === null ? "not yet" : <LiveAgo key="raised" at={view.raisedAt} asOf={view.now} />],
            ["Told to", view.channel],
          ]}
        />
        <Act link={link} view={view} />
      </>
    )}
  </HeldLink>
);

function Act({ link, view }: { link: string; view: AlertLinkView }) {
  const client = useQueryClient();
  const taking = useIntent(requestByLink, { onSettled: () => client.invalidateQueries({ queryKey: ["links"] }) });
  if (taking.data) return <End alertId={view.alertId} words={linkPageWords.taken(taking.data.by)} />;
  if (view.why !== null) return <End alertId={view.alertId} words={view.why} />;
  if (view.signIn)
    return (
      <>
        <p className="text-12 text-ink-2">{linkPageWords.signIn}</p>
        <ButtonLink tone="primary" href="/sign-in?from=%2Facknowledge" className="w-full">
          Sign in to acknowledge
        </ButtonLink>
      </>
    );
  return (
    <>
      <LinkFailure error={taking.error} />
      <Button
        tone="primary"
        className="w-full"
        busy={taking.isPending && "Acknowledging"}
        onClick={() => taking.mutate({ link })}
      >
        Acknowledge
      </Button>
      <p className="text-12 text-ink-2">{linkPageWords.as(view)}</p>
    </>
  );
}

function End({ alertId, words }: { alertId: string; words: string }) {
  return (
    <>
      <p role="status" className="[overflow-wrap:anywhere]">
        {words}
      </p>
      <ButtonLink href={alertHref(alertId)} className="w-full">
        Open the alert
      </ButtonLink>
    </>
  );
}
