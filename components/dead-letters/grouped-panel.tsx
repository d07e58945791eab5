"use client";
import { useQuery } from "@tanstack/react-query";
import { Loaded } from "@/components/live/loaded";
import { Button } from "@/components/ui/button";
import { Panel } from "@/components/ui/panel";
import { quote } from "@/components/ui/query-filter";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Count, Table, Td, Th } from "@/components/ui/table";
import type { Grouping } from "@/lib/dead-letters/rules";
import { Nothing } from "./nothing";
import { groupedQuery } from "./queries";

type Props = { search: string; by: Grouping; filter: string; setFilter: (value: string) => void; pick: (token: string) => void };

/** Messages that match, summed by something; each value narrows to its groups. */
export function GroupedPanel({ search, by, filter, setFilter, pick }: Props) {
  const query = useQuery(groupedQuery(search, by));
  return (
    <Loaded
      query={query}
      what="Dead letters"
      waiting={
        <Panel>
          <SkeletonRows rows={6} />
        </Panel>
      }
      empty={(view) => (view.rows.length === 0 ? <Nothing filter={filter} setFilter={setFilter} what="group" /> : null)}
    >
      {({ rows, atLeast }) => (
        <Panel aria-label={`By ${by}`}>
          <Table label={`Messages by ${by}`}>
            <thead>
              <tr>
                <Th>{by[0]!.toUpperCase() + by.slice(1)}</Th>
                <Th num>Groups</Th>
                <Th num>Messages</Th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ value, groupsN, messagesN }) => (
                <tr key={value} data-row={value} className="hover:bg-hover">
                  <Td>
                    {value === "" ? (
                      <span className="text-ink-3">not told</span>
                    ) : (
                      <Button size="sm" tone="ghost" onClick={() => pick(`${by}:${quote(value)}`)}>
                        {value}
                      </Button>
                    )}
                  </Td>
                  <Td num>
                    <Count n={groupsN} />
                  </Td>
                  <Td num>
                    <Count n={messagesN} />
                  </Td>
                </tr>
              ))}
            </tbody>
          </Table>
          {atLeast && (
            <p className="border-t px-3.5 py-2.5 text-12 text-ink-3">Of the first 10,000 messages that match; there are more.</p>
          )}
        </Panel>
      )}
    </Loaded>
  );
}
