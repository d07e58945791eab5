"use client";
import { Kbd } from "@/components/ui/kbd";
import type { SelectionOfRows } from "@/components/ui/selection";
import { Table, Th } from "@/components/ui/table";
import type { GroupRow as Group } from "@/lib/dead-letters/views";
import type { Instant } from "@/lib/time";
import { GroupRow } from "./group-row";

type Props = { groups: Group[]; now: Instant; cursor: string | null; selection: SelectionOfRows; onPick: (id: string) => void };

/** The groups, most urgent first. */
export function GroupTable({ groups, now, cursor, selection, onPick }: Props) {
  return (
    <>
      <Table className="table-fixed sm:min-w-160">
        <colgroup>
          <col className="w-9.5" />
          <col />
          <col className="w-23.5 max-sm:hidden" />
          <col className="w-16" />
          <col className="w-24.5 max-sm:hidden" />
          <col className="w-33 max-lg:hidden" />
        </colgroup>
        <thead>
          <tr>
            <Th>
              <span className="sr-only">Selected</span>
            </Th>
            <Th>Error, consumer, event, zone</Th>
            <Th className="max-sm:hidden">Last hour</Th>
            <Th num>Now</Th>
            <Th className="max-sm:hidden">
              Last seen
              <br />
              first seen
            </Th>
            <Th className="max-lg:hidden">Assignee, state</Th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <GroupRow
              key={group.groupId}
              group={group}
              now={now}
              chosen={selection.has(group.groupId)}
              atCursor={cursor === group.groupId}
              onChoose={(range) => selection.toggle(group.groupId, range)}
              onPick={() => onPick(group.groupId)}
            />
          ))}
        </tbody>
      </Table>
      <p className="border-t px-3.5 py-2.5 text-12 text-ink-3">
        Bars use each row's own scale. Numbers are messages parked now.{" "}
        <span className="max-md:hidden">
          <Kbd>x</Kbd> selects, <Kbd>⇧</Kbd> <Kbd>x</Kbd> selects a range, <Kbd>a</Kbd> takes, <Kbd>m</Kbd> merges, <Kbd>e</Kbd>{" "}
          says where it stands.
        </span>
      </p>
    </>
  );
}
