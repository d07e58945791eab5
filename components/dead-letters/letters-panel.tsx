"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Loaded } from "@/components/live/loaded";
import { Panel } from "@/components/ui/panel";
import { ShowMore } from "@/components/ui/show-more";
import { SkeletonRows } from "@/components/ui/skeleton";
import { counted } from "@/lib/words";
import { ExportMenu } from "./export-menu";
import { ColumnsMenu, LetterTable, useColumns } from "./letter-table";
import { Nothing } from "./nothing";
import { lettersQuery } from "./queries";

type Props = { search: string; queries: string[]; side: "open" | "closed"; filter: string; setFilter: (value: string) => void };

/** Messages one by one that a filter narrows: those that are open, or those that were closed. */
export function LettersPanel({ search, queries, side, filter, setFilter }: Props) {
  const query = useInfiniteQuery(lettersQuery(search, side));
  const columns = useColumns();
  const what = side === "open" ? "open message" : "closed message";
  return (
    <Loaded
      query={query}
      what="Messages"
      waiting={
        <Panel>
          <SkeletonRows rows={6} />
        </Panel>
      }
      empty={(view) =>
        view.pages[0]?.letters.length === 0 ? <Nothing filter={filter} setFilter={setFilter} what={what} /> : null
      }
    >
      {({ pages }) => (
        <>
          <Panel aria-label={side === "open" ? "Messages that match" : "Closed messages that match"}>
            <div className="flex min-h-10.5 items-center gap-2.5 border-b px-3.5 py-1.5 text-ink-2">
              {pages[0]!.atLeast && "At least "}
              {counted(pages[0]!.lettersN ?? 0, what)}
              <span className="ml-auto flex gap-2.5">
                <ExportMenu queries={queries} side={side} />
                <ColumnsMenu {...columns} />
              </span>
            </div>
            <LetterTable
              letters={pages.flatMap(({ letters }) => letters)}
              now={pages[0]!.now}
              columns={columns.chosen}
              closed={side === "closed"}
            />
          </Panel>
          <ShowMore query={query} words="Show more messages" apart />
        </>
      )}
    </Loaded>
  );
}
