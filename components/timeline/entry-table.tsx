"use client";
import { useRouter } from "next/navigation";
import { cn } from "@/components/ui/cn";
import { useRowCursor } from "@/components/ui/cursor";
import { Icon } from "@/components/ui/icons";
import { Link } from "@/components/ui/link";
import { Table, Td, Th } from "@/components/ui/table";
import { toneClass } from "@/components/ui/tone";
import { When } from "@/components/ui/when";
import type { Instant } from "@/lib/time";
import type { KeyEntry } from "@/lib/timeline/views";
import { entryIcon, entryTone } from "./words";

export type EntryGroup = { title: string | null; entries: KeyEntry[] };
type Props = { label: string; where: string; groups: EntryGroup[]; now: Instant };

/** Things that happened, one a row, in groups if there are any; a row opens what it is about. */
export function EntryTable({ label, where, groups, now }: Props) {
  const router = useRouter();
  const inOrder = groups.flatMap((group) => group.entries);
  const cursor = useRowCursor(
    inOrder.map((entry) => entry.id),
    (id) => {
      const href = inOrder.find((entry) => entry.id === id)?.href;
      if (href) router.push(href);
    },
  );
  return (
    <Table label={label}>
      <thead>
        <tr>
          <Th>Time</Th>
          <Th className="max-sm:hidden">{where}</Th>
          <Th>What</Th>
          <Th className="max-md:hidden">More</Th>
        </tr>
      </thead>
      {groups.map((group) => (
        <tbody key={group.title ?? "all"}>
          {group.title !== null && (
            <tr>
              <th colSpan={4} scope="rowgroup" className="border-b bg-canvas px-3.5 py-1.5 text-left text-12 font-semibold">
                {group.title} <span className="font-normal text-ink-3">{group.entries.length}</span>
              </th>
            </tr>
          )}
          {group.entries.map((entry) => (
            <Row key={entry.id} entry={entry} now={now} atCursor={cursor.id === entry.id} />
          ))}
        </tbody>
      ))}
    </Table>
  );
}

// On a phone other words stand beside it.
const inLine = "underline decoration-1 decoration-ink-mute underline-offset-4 hover:decoration-current";

// Milliseconds tell apart what happened today; of older things the day matters.
const MILLIS_MS = 82_800_000;

function Row({ entry, now, atCursor }: { entry: KeyEntry; now: Instant; atCursor: boolean }) {
  const cell = cn("py-1.75 align-top text-12", atCursor && "bg-selected");
  return (
    <tr data-row={entry.id} aria-current={atCursor || undefined} className="hover:bg-hover">
      <Td className={cn(cell, "whitespace-nowrap text-ink-3", atCursor && "shadow-cursor")}>
        <When at={entry.at} now={now} as={now - entry.at < MILLIS_MS ? "millis" : "when"} />
      </Td>
      <Td className={cn(cell, "whitespace-nowrap max-sm:hidden")}>{entry.service}</Td>
      <Td className={cell}>
        <span className={cn("flex items-start gap-1.5", toneClass[entryTone[entry.tone]])}>
          <Icon name={entryIcon[entry.kind]} size={12} className="mt-0.75 text-fg" />
          <span className="min-w-0 text-ink [overflow-wrap:anywhere]">
            {entry.href ? (
              <Link href={entry.href} className={inLine}>
                {entry.text}
              </Link>
            ) : (
              entry.text
            )}
            <span className="block text-ink-3 sm:hidden">{entry.service}</span>
            {entry.note && <span className="block text-ink-3 md:hidden">{entry.note}</span>}
          </span>
        </span>
      </Td>
      <Td className={cn(cell, "text-ink-3 [overflow-wrap:anywhere] max-md:hidden")}>{entry.note}</Td>
    </tr>
  );
}
