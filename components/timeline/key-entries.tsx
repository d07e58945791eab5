"use client";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { Button } from "@/components/ui/button";
import { useHydrated } from "@/components/ui/clock";
import { cn } from "@/components/ui/cn";
import { useRowCursor } from "@/components/ui/cursor";
import { zoneName } from "@/components/ui/format";
import { Icon } from "@/components/ui/icons";
import { Panel, PanelHead } from "@/components/ui/panel";
import { Segmented } from "@/components/ui/segmented";
import { Table, Td, Th } from "@/components/ui/table";
import { toneClass } from "@/components/ui/tone";
import { When } from "@/components/ui/when";
import type { KeyEntry, KeyView } from "@/lib/timeline/views";
import { counted } from "@/lib/words";
import { entryIcon, entryTone } from "./words";

const groupings = ["time", "service"] as const;

type Props = { view: KeyView; entries: KeyEntry[]; more: { busy: boolean; load: () => void } | null };

/** What happened to a key, newest first; the same list by the service that it happened at. */
export function KeyEntries({ view, entries, more }: Props) {
  const router = useRouter();
  const [by, setBy] = useQueryState("by", parseAsStringLiteral(groupings).withDefault("time"));
  const known = useHydrated();
  const groups = by === "time" ? [{ service: null, entries }] : byService(entries);
  const inOrder = groups.flatMap((group) => group.entries);
  const cursor = useRowCursor(
    inOrder.map((entry) => entry.id),
    (id) => {
      const href = inOrder.find((entry) => entry.id === id)?.href;
      if (href) router.push(href);
    },
  );
  return (
    <Panel aria-label="What is known">
      <PanelHead
        title="What is known"
        note={`${counted(entries.length, "event")}${more ? " so far" : ""}, newest first, ${known ? zoneName(view.now) : "UTC"}`}
      >
        <Segmented
          label="Order of the list"
          value={by}
          onChange={setBy}
          options={[
            { value: "time", label: "By time" },
            { value: "service", label: "By service" },
          ]}
        />
      </PanelHead>
      <Table label="Events of this key">
        <thead>
          <tr>
            <Th>Time</Th>
            <Th className="max-sm:hidden">Where</Th>
            <Th>What</Th>
            <Th className="max-md:hidden">More</Th>
          </tr>
        </thead>
        {groups.map((group) => (
          <tbody key={group.service ?? "all"}>
            {group.service !== null && (
              <tr>
                <th colSpan={4} scope="rowgroup" className="border-b bg-canvas px-3.5 py-1.5 text-left text-12 font-semibold">
                  {group.service} <span className="font-normal text-ink-3">{group.entries.length}</span>
                </th>
              </tr>
            )}
            {group.entries.map((entry) => (
              <Row key={entry.id} entry={entry} now={view.now} atCursor={cursor.id === entry.id} />
            ))}
          </tbody>
        ))}
      </Table>
      {more && (
        <div className="border-t px-3.5 py-2">
          <Button size="sm" busy={more.busy && "Loading"} onClick={more.load}>
            Show older
          </Button>
        </div>
      )}
    </Panel>
  );
}

function byService(entries: KeyEntry[]): { service: string; entries: KeyEntry[] }[] {
  const groups = new Map<string, KeyEntry[]>();
  for (const entry of entries) groups.set(entry.service, [...(groups.get(entry.service) ?? []), entry]);
  return [...groups].map(([service, entries]) => ({ service, entries }));
}

function Row({ entry, now, atCursor }: { entry: KeyEntry; now: number; atCursor: boolean }) {
  const cell = cn("py-[7px] align-top text-12", atCursor && "bg-selected");
  return (
    <tr data-row={entry.id} className="hover:bg-hover">
      <Td className={cn(cell, "whitespace-nowrap text-ink-3", atCursor && "shadow-[inset_2px_0_0_var(--accent-fill)]")}>
        <When at={entry.at} now={now} as={now - entry.at < 82_800_000 ? "millis" : "when"} />
      </Td>
      <Td className={cn(cell, "whitespace-nowrap max-sm:hidden")}>{entry.service}</Td>
      <Td className={cell}>
        <span className={cn("flex items-start gap-1.5", toneClass[entryTone[entry.tone]])}>
          <Icon name={entryIcon[entry.kind]} size={12} className="mt-[3px] text-fg" />
          <span className="min-w-0 text-ink [overflow-wrap:anywhere]">
            {entry.href ? (
              <Link href={entry.href} className="hover:underline">
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
