"use client";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { Button } from "@/components/ui/button";
import { useHydrated } from "@/components/ui/clock";
import { zoneName } from "@/components/ui/format";
import { Panel, PanelHead } from "@/components/ui/panel";
import { Segmented } from "@/components/ui/segmented";
import type { KeyEntry, KeyView } from "@/lib/timeline/views";
import { counted } from "@/lib/words";
import { type EntryGroup, EntryTable } from "./entry-table";

const groupings = ["time", "service"] as const;

type Props = { view: KeyView; entries: KeyEntry[]; more: { busy: boolean; load: () => void } | null };

/** What happened to a key, newest first; the same list by the service that it happened at. */
export function KeyEntries({ view, entries, more }: Props) {
  const [by, setBy] = useQueryState("by", parseAsStringLiteral(groupings).withDefault("time"));
  const known = useHydrated();
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
      <EntryTable
        label="Events of this key"
        where="Where"
        now={view.now}
        groups={by === "time" ? [{ title: null, entries }] : byService(entries)}
      />
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

function byService(entries: KeyEntry[]): EntryGroup[] {
  const groups = new Map<string, KeyEntry[]>();
  for (const entry of entries) groups.set(entry.service, [...(groups.get(entry.service) ?? []), entry]);
  return [...groups].map(([title, entries]) => ({ title, entries }));
}
