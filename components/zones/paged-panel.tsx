"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
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
import { toneClass } from "@/components/ui/tone";
import type { PagedView } from "@/lib/notifications/views";

type Props = {
  /** How many alerts call for somebody; nothing is asked where none does. */
  callingN: number;
};

/** On a phone, what it rang for: who was paged and when, whom it is told further, and the two things to do. Nothing stands here while it is loaded, or where it cannot be: the bell has it as well. */
export function PagedPanel({ callingN }: Props) {
  const phone = useMedia("(max-width: 899px)");
  const { data } = useQuery(pagedQuery(phone && callingN > 0));
  return phone && callingN > 0 && data?.paged ? <Paged paged={data.paged} moreN={data.moreN} asOf={data.now} /> : null;
}

function Paged({ paged, moreN, asOf }: { paged: NonNullable<PagedView["paged"]>; moreN: number; asOf: number }) {
  const client = useQueryClient();
  const now = useNow();
  const { alert } = paged;
  const taking = useIntent(requestAcknowledge, {
    onSuccess: () => toast("You have it: nobody is told further"),
    onError: (error) => toast(error.message),
    onSettled: () => client.invalidateQueries({ queryKey: ["alerts"] }),
  });
  // Taken, and a second tap finds nothing to take.
  if (taking.isSuccess && taking.variables.alertId === alert.alertId) return null;
  return (
    <section
      aria-label="Paged"
      className={cn("mt-3.5 space-y-2.5 rounded-panel border border-edge bg-tint px-3.5 py-3", toneClass.breach)}
    >
      <div>
        <h2 className="flex items-center gap-2 text-15 font-semibold">
          <Icon name="bell" size={16} />
          <span>
            {pagedWords(paged)} <LiveAgo at={paged.at} asOf={asOf} />
          </span>
        </h2>
        <p className="text-ink-2 [overflow-wrap:anywhere]">
          {alert.zone.title}: {alert.words}
        </p>
        <p className="text-ink-2 [overflow-wrap:anywhere]">{furtherWords(paged, Math.max(now ?? asOf, asOf))}</p>
      </div>
      <div className="grid grid-cols-2 gap-2">
        <ButtonLink href={alert.cause?.href ?? alertHref(alert.alertId)}>Open cause</ButtonLink>
        <Button
          tone="primary"
          busy={taking.isPending && "Acknowledging"}
          onClick={() => taking.mutate({ alertId: alert.alertId, note: null })}
        >
          Acknowledge
        </Button>
      </div>
      {moreN > 0 && (
        <Link href="/alerts" className="block text-12 text-accent hover:underline">
          {moreN === 1 ? "1 more page that nobody took" : `${moreN.toLocaleString("en-US")} more pages that nobody took`}
        </Link>
      )}
    </section>
  );
}
