"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Page } from "@/components/shell/page";
import { ButtonLink } from "@/components/ui/button";
import { LeadSentence } from "@/components/ui/sentence";
import { Skeleton } from "@/components/ui/skeleton";
import { AlertList, useAlertFilter } from "./alert-list";
import { alertsQuery } from "./queries";
import { alertsSentence } from "./words";

/** What is wrong and calls for somebody, who took it, and when nobody is told. */
export function AlertsScreen() {
  const of = useAlertFilter();
  const view = useInfiniteQuery(alertsQuery(of.search)).data?.pages[0];
  return (
    <Page crumbs={[{ label: "Alerts" }]}>
      <div className="mb-3.5 flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        {view ? <LeadSentence parts={alertsSentence(view)} /> : <Skeleton className="h-6 w-3/5" />}
        <span className="flex gap-2">
          <ButtonLink href="/channels" size="sm">
            Channels
          </ButtonLink>
          <ButtonLink href="/alerts/try" size="sm">
            Try a condition
          </ButtonLink>
        </span>
      </div>
      <AlertList of={of} />
    </Page>
  );
}
