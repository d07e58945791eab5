"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { requestAcknowledge } from "@/components/alerts/actions";
import { pagedQuery } from "@/components/alerts/queries";
import { alertHref, furtherWords, pagedWords } from "@/components/alerts/words";
import { useIntent } from "@/components/intent";
import { Button, ButtonLink } from "@/components/ui/button";
import { useNow } from "@/components/ui/clock";
import { cn } from "@/components/ui/cn";
import { Icon } from "@/components/ui/icons";
import { Link } from "@/components/ui/link";
import { LiveAgo } from "@/components/ui/live-age";
import { useMedia } from "@/components/ui/media";
import { toast } from "@/components/ui/toast";
import { type Tone, toneClass } from "@/components/ui/tone";
import type { PagedView } from "@/lib/notifications/views";
import type { Instant } from "@/lib/time";

type Props = {
  /** How many alerts call for somebody, as the zones say it. */
  callingN: number;
};

type Page = NonNullable<PagedView["paged"]>;

// So long what was taken stands where its button was: a second tap must not take the next one unread.
const TAKEN_SHOWN_MS = 10_000;

/** On a phone, what it rang for: who was paged and when, whom it is told further, and the two things to do. Nothing stands here where it cannot be loaded: the bell has it as well. */
export function PagedPanel({ callingN }: Props) {
  // It comes with the page, so that nothing moves under a finger; a wide screen asks for it no more.
  const phone = useMedia("(max-width: 899px)");
  const { data } = useQuery(pagedQuery(phone));
  const [taken, setTaken] = useState<Page | null>(null);
  useEffect(() => {
    if (taken === null) return;
    toast("You have it: nobody is told further");
    const timer = setTimeout(() => setTaken(null), TAKEN_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [taken]);
  if (taken !== null) return <Taken page={taken} />;
  return callingN > 0 && data?.paged ? (
    <Paged key={data.paged.alert.alertId} page={data.paged} moreN={data.moreN} asOf={data.now} onTaken={setTaken} />
  ) : null;
}

type PagedProps = { page: Page; moreN: number; asOf: Instant; onTaken: (page: Page) => void };

function Paged({ page, moreN, asOf, onTaken }: PagedProps) {
  const client = useQueryClient();
  const now = useNow();
  const { alertId } = page.alert;
  const taking = useIntent(requestAcknowledge, {
    onSuccess: () => onTaken(page),
    onError: (error) => toast(error.message),
    onSettled: () => client.invalidateQueries({ queryKey: ["alerts"] }),
  });
  return (
    <Frame
      tone="breach"
      page={page}
      title={
        <>
          {pagedWords(page)} <LiveAgo at={page.at} asOf={asOf} />
        </>
      }
      note={furtherWords(page, Math.max(now ?? asOf, asOf))}
    >
      <div className="grid grid-cols-2 gap-2">
        <Cause page={page} />
        <Button tone="primary" busy={taking.isPending && "Acknowledging"} onClick={() => taking.mutate({ alertId, note: null })}>
          Acknowledge
        </Button>
      </div>
      {moreN > 0 && (
        <Link href="/alerts" className="block text-12 text-accent hover:underline">
          {moreN === 1 ? "1 more page that nobody took" : `${moreN.toLocaleString("en-US")} more pages that nobody took`}
        </Link>
      )}
    </Frame>
  );
}

const Taken = ({ page }: { page: Page }) => (
  <Frame tone="none" page={page} title="You have it" note="Nobody is told further">
    <Cause page={page} />
  </Frame>
);

const Cause = ({ page: { alert } }: { page: Page }) => (
  <ButtonLink href={alert.cause?.href ?? alertHref(alert.alertId)} className="w-full">
    Open cause
  </ButtonLink>
);

type FrameProps = { tone: Tone; page: Page; title: ReactNode; note: string; children: ReactNode };

function Frame({ tone, page: { alert }, title, note, children }: FrameProps) {
  return (
    <section
      aria-label="Paged"
      className={cn("mt-3.5 space-y-2.5 md:hidden rounded-panel border border-edge bg-tint px-3.5 py-3", toneClass[tone])}
    >
      <div>
        <h2 className="flex items-center gap-2 text-15 font-semibold">
          <Icon name="bell" size={16} />
          <span>{title}</span>
        </h2>
        <p className="text-ink-2 [overflow-wrap:anywhere]">
          {alert.zone.title}: {alert.words}
        </p>
        <p className="text-ink-2 [overflow-wrap:anywhere]">{note}</p>
      </div>
      {children}
    </section>
  );
}
