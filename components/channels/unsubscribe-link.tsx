"use client";
import { useIntent } from "@/components/intent";
import { Button } from "@/components/ui/button";
import { Facts } from "@/components/ui/panel";
import type { ReaderLinkView } from "@/lib/notifications/views";
import { HeldLink, LinkFailure } from "./held-link";
import { askReaderLink, requestLeave } from "./queries";
import { linkPageWords } from "./words";

/** The page of a link that ends digests: whose, and one press. */
export const UnsubscribeLink = () => (
  <HeldLink page="unsubscribe" what="the digests" ask={askReaderLink}>
    {(view, link) => <Leave view={view} link={link} />}
  </HeldLink>
);

function Leave({ view, link }: { view: ReaderLinkView; link: string }) {
  const leaving = useIntent(requestLeave);
  const { reader, left } = leaving.data ?? view;
  if (left) return <p role="status">{linkPageWords.left(reader)}</p>;
  return (
    <>
      <Facts
        rows={[
          ["Reader", reader],
          ["Channel", view.channel],
        ]}
      />
      <LinkFailure error={leaving.error} />
      <Button tone="primary" className="w-full" busy={leaving.isPending && "Ending"} onClick={() => leaving.mutate({ link })}>
        End these digests
      </Button>
      <p className="text-12 text-ink-2">{linkPageWords.alertsStay}</p>
    </>
  );
}
