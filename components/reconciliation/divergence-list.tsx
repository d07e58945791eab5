"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Loaded } from "@/components/live/loaded";
import { Banner } from "@/components/ui/banner";
import { Button, ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Panel, PanelHead } from "@/components/ui/panel";
import { LeadSentence } from "@/components/ui/sentence";
import { ShowMore } from "@/components/ui/show-more";
import { SkeletonRows } from "@/components/ui/skeleton";
import { When } from "@/components/ui/when";
import { isAgreed } from "@/lib/reconciliation/compared.rules";
import type { DivergencesView } from "@/lib/reconciliation/views";
import { comparedWords, divergencesSentence } from "@/lib/reconciliation/words";
import { counted } from "@/lib/words";
import { DivergenceFilter } from "./divergence-filter";
import { DivergenceTable } from "./divergence-table";
import { type Filter, isFiltered, searchOf, stateWords } from "./filter";
import { divergencesQuery } from "./queries";
import { type SetFilter, useDivergenceFilter } from "./use-filter";

/** The divergences of every zone, or of one: sentence, filter, rows. */
export function DivergenceList({ zoneId, headline = false }: { zoneId?: string; headline?: boolean }) {
  const [filter, setFilter] = useDivergenceFilter();
  const query = useInfiniteQuery(divergencesQuery(searchOf(zoneId ? { ...filter, zone: zoneId } : filter).toString()));
  return (
    <Loaded
      query={query}
      what="Divergences"
      headline={headline}
      waiting={
        <Panel className="mt-12">
          <SkeletonRows rows={6} />
        </Panel>
      }
    >
      {({ pages }) => {
        const first = pages[0]!;
        const divergences = pages.flatMap((page) => page.divergences);
        if (first.rules.length === 0) return <NoRules headline={headline} />;
        return (
          <>
            {headline && <LeadSentence parts={divergencesSentence(first)} className="mb-3.5" />}
            <Failing view={first} />
            <DivergenceFilter view={first} filter={filter} setFilter={setFilter} zoneId={zoneId} />
            <Panel aria-label="Divergences">
              <PanelHead title={stateWords[filter.state]} note={noteOf(first, filter)} />
              {divergences.length === 0 ? (
                <Nothing view={first} filter={filter} setFilter={setFilter} zone={zoneId ? "" : filter.zone} />
              ) : (
                <DivergenceTable divergences={divergences} now={first.now} withZone={!zoneId} />
              )}
              <ShowMore query={query} />
            </Panel>
          </>
        );
      }}
    </Loaded>
  );
}

const notes: Record<Filter["state"], string> = {
  open: "older than the window and seen twice; oldest first",
  candidate: "differ now, and are most probably under way; they count for nothing until they are confirmed",
  accepted: "decided by people, with an end; they count for nothing until then",
  resolved: "newest first, kept for 90 days",
};

function noteOf({ ranAt, now }: DivergencesView, { state }: Filter) {
  if (state !== "open" || ranAt === null) return notes[state];
  return (
    <>
      {notes.open}; every rule has run since <When at={ranAt} now={now} />
    </>
  );
}

/** Rules that cannot run say nothing, and nothing is not good. */
function Failing({ view: { failing } }: { view: DivergencesView }) {
  if (failing.length === 0) return null;
  return (
    <Banner
      look="unknown"
      className="mb-3"
      title={failing.length === 1 ? `${failing[0]!.rule} cannot run` : `${failing.length} rules cannot run`}
    >
      {failing.slice(0, 3).map(({ zoneId, rule, error }) => (
        <p key={`${zoneId}/${rule}`}>
          {failing.length > 1 && <b>{rule}: </b>}
          {error}
        </p>
      ))}
    </Banner>
  );
}

type NothingProps = { view: DivergencesView; filter: Filter; setFilter: SetFilter; zone: string };

function Nothing({ view, filter, setFilter, zone }: NothingProps) {
  if (isFiltered(filter, zone))
    return (
      <Empty
        kind="filtered"
        title="No divergence matches this filter"
        actions={
          <Button size="sm" onClick={() => setFilter({ zone: null, rule: null, kind: null, prefix: null })}>
            Clear the filter
          </Button>
        }
      >
        Others may be there.
      </Empty>
    );
  if (filter.state !== "open") return <Empty kind="filtered" title={`Nothing is ${stateWords[filter.state].toLowerCase()}`} />;
  const { compared, candidatesN } = view;
  if (compared.silentN > 0)
    return (
      <Empty kind="first-use" icon="differs" title="Not every rule has run yet">
        Nothing is open so far. What differs shows here once it is older than its window and was seen twice.
      </Empty>
    );
  const agrees = isAgreed({ compared, openN: 0, candidatesN });
  return (
    <Empty
      kind={agrees ? "good" : "first-use"}
      icon="differs"
      title={agrees ? "Every projection agrees with its authority" : "Nothing is known to differ"}
    >
      {comparedWords(compared)}
      {candidatesN > 0 && ` ${counted(candidatesN, "key")} ${candidatesN === 1 ? "is" : "are"} being checked.`}
    </Empty>
  );
}

const NoRules = ({ headline }: { headline: boolean }) => (
  <Panel>
    <Empty
      kind="first-use"
      headline={headline}
      icon="differs"
      title="No contract compares anything yet"
      actions={
        <ButtonLink href="/zones" size="sm">
          See zones
        </ButtonLink>
      }
    >
      A reconciliation rule in a contract names an authority and a projection; what they do not say the same about shows here.
    </Empty>
  </Panel>
);
