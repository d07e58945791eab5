"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { Loaded } from "@/components/live/loaded";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { outcomeWord } from "@/components/ui/outcome-glyph";
import { Panel, PanelHead } from "@/components/ui/panel";
import { ShowMore } from "@/components/ui/show-more";
import { SkeletonBlock } from "@/components/ui/skeleton";
import type { ItemState } from "@/lib/operations/rules";
import { itemStates, type OperationCounts } from "@/lib/operations/views";
import { ItemTable } from "./item-table";
import { itemsQuery } from "./queries";

/** Every item of the operation, of one outcome if asked for; the choice is in the URL. */
export function ItemsPanel({ operationId, counts, edits }: { operationId: string; counts: OperationCounts; edits: boolean }) {
  const [outcome, setOutcome] = useQueryState("outcome", parseAsStringLiteral(itemStates));
  const query = useInfiniteQuery(itemsQuery(operationId, outcome));
  return (
    <Panel id="items">
      <PanelHead title="Messages" note={(outcome === null ? counts.total : counts[outcome]).toLocaleString("en-US")}>
        <label className="flex items-center gap-2 text-12 text-ink-2">
          Outcome
          <select
            value={outcome ?? ""}
            onChange={(event) => setOutcome((event.target.value || null) as ItemState | null)}
            className="h-compact rounded-control border border-line-control bg-surface px-2 text-12 text-ink max-md:h-11 max-md:text-16"
          >
            <option value="">all</option>
            {itemStates
              .filter((state) => counts[state] > 0 || state === outcome)
              .map((state) => (
                <option key={state} value={state}>
                  {outcomeWord[state].toLowerCase()}
                </option>
              ))}
          </select>
        </label>
      </PanelHead>
      <Loaded
        query={query}
        what="Messages"
        waiting={<SkeletonBlock />}
        empty={(data) => (data.pages[0]?.items.length === 0 ? <Nothing clear={() => setOutcome(null)} /> : null)}
      >
        {(data) => (
          <>
            <ItemTable
              label="All messages of the operation"
              items={data.pages.flatMap((page) => page.items)}
              now={data.pages[0]?.now ?? 0}
              edits={edits}
            />
            <ShowMore query={query} />
          </>
        )}
      </Loaded>
    </Panel>
  );
}

const Nothing = ({ clear }: { clear: () => void }) => (
  <Empty
    kind="filtered"
    title="No message ended like this"
    actions={
      <Button size="sm" onClick={clear}>
        Show all
      </Button>
    }
  />
);
