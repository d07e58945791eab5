"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Page } from "@/components/shell/page";
import { LeadSentence } from "@/components/ui/sentence";
import { Skeleton } from "@/components/ui/skeleton";
import type { CaseCounts } from "@/lib/cases/views";
import { counted, type Part, plain, strong } from "@/lib/words";
import { useCaseFilter } from "./case-filter";
import { CaseList } from "./case-list";
import { casesQuery } from "./queries";

/** What a person has to look at, what is due first. */
export function CasesScreen() {
  const of = useCaseFilter();
  const counts = useInfiniteQuery(casesQuery(of.search)).data?.pages[0]?.counts;
  return (
    <Page crumbs={[{ label: "Cases" }]}>
      {counts ? <LeadSentence parts={casesSentence(counts)} className="mb-3.5" /> : <Skeleton className="mb-4 h-6 w-3/5" />}
      <CaseList of={of} withZone />
    </Page>
  );
}

/** What waits, and how much of it is late or has nobody. */
function casesSentence({ all, overdue, unassigned }: CaseCounts): Part[] {
  if (all === 0) return [strong("No case is open.")];
  const late = overdue === 0 ? "none of them overdue" : `${overdue.toLocaleString("en-US")} overdue`;
  const free =
    unassigned === 0
      ? ""
      : ` Nobody has ${unassigned === all ? (all === 1 ? "it" : "any of them") : unassigned.toLocaleString("en-US")}.`;
  return [strong(`${counted(all, "case")} ${all === 1 ? "is" : "are"} open, ${late}.`), plain(free)];
}
