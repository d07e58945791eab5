"use client";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useQueryState } from "nuqs";
import { useState } from "react";
import { Loaded } from "@/components/live/loaded";
import { Page } from "@/components/shell/page";
import { useScreenActions } from "@/components/shell/palette/actions";
import { meQuery } from "@/components/shell/queries";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { filterInUrl } from "@/components/ui/filter-in-url";
import { FilterInput } from "@/components/ui/filter-input";
import { Menu, MenuItem, MenuNote } from "@/components/ui/menu";
import { Panel } from "@/components/ui/panel";
import { Segmented } from "@/components/ui/segmented";
import { LeadSentence } from "@/components/ui/sentence";
import { ShowMore } from "@/components/ui/show-more";
import { SkeletonRows } from "@/components/ui/skeleton";
import { toast } from "@/components/ui/toast";
import { When } from "@/components/ui/when";
import { zonesQuery } from "@/components/zones/queries";
import type { ExportFormat } from "@/lib/audit/rules";
import type { AuditPage } from "@/lib/audit/views";
import { plain, strong } from "@/lib/words";
import { AuditTable } from "./audit-table";
import { saveExport } from "./export";
import { auditKeys, auditNarrowing, FREE_TEXT } from "./filter";
import { auditQuery, namesQuery } from "./queries";

const spans = ["any", "<1h", "<24h", "<7d", "<30d"] as const;
const spanWords: Record<(typeof spans)[number], string> = {
  any: "Any time",
  "<1h": "1 h",
  "<24h": "24 h",
  "<7d": "7 d",
  "<30d": "30 d",
};

/** Who did what, to what, why, when, with which result: the trail, newest first. */
export function AuditScreen() {
  const [filter, setFilter] = useQueryState("q", filterInUrl);
  const narrowing = auditNarrowing(filter);
  const query = useInfiniteQuery(auditQuery(narrowing));
  const names = useQuery(namesQuery());
  const zones = useQuery({ ...zonesQuery(), select: (data) => data.zones.map((zone) => zone.zoneId) });
  const { data: me } = useQuery(meQuery());
  const set = (value: string) => setFilter(value || null);
  const limited = me !== undefined && me.actor.zones !== null;
  return (
    <Page crumbs={[{ label: "Audit log" }]}>
      <LeadSentence
        className="mb-3"
        parts={[
          strong(limited ? "What was done in your zones, and what you did." : "What was done, by whom and why."),
          plain(" Entries are added, never changed and never removed; attempts that were refused stand here too."),
        ]}
      />
      <div className="mt-3.5 mb-3 flex flex-wrap items-start gap-2">
        <FilterInput
          label="Filter the audit"
          value={filter}
          keys={auditKeys({ who: names.data?.map(({ name }) => name), zone: zones.data })}
          freeText={FREE_TEXT}
          onChange={set}
        />
        <div className="flex max-w-full gap-2 overflow-x-auto">
          <Segmented
            label="How far back"
            value={spans.find((span) => span === narrowing.last) ?? "any"}
            options={spans.map((value) => ({ value, label: spanWords[value] }))}
            onChange={(span) => set(withSpan(filter, span))}
          />
          <ExportMenu narrowing={narrowing} />
        </div>
      </div>
      <Loaded
        query={query}
        what="The audit"
        waiting={
          <Panel>
            <SkeletonRows rows={8} />
          </Panel>
        }
        empty={(data) => (data.pages[0]?.entries.length === 0 ? <Nothing filter={filter} clear={() => set("")} /> : null)}
      >
        {({ pages }) => (
          <>
            <Chain page={pages[0]!} />
            <Panel aria-label="Audit entries" className="relative">
              <AuditTable entries={pages.flatMap((page) => page.entries)} now={pages[0]!.now} />
              <ShowMore query={query} words="Show older" />
            </Panel>
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** Whether the trail is as it was written, as of the last walk along its chain. */
function Chain({ page: { verification, now } }: { page: AuditPage }) {
  if (verification === null)
    return <p className="mb-3 text-12 text-ink-3">Nobody has verified the entries yet; a worker does within an hour.</p>;
  const { at, holds, sentence } = verification;
  if (!holds)
    return (
      <Banner look="breached" className="mb-3" title={sentence}>
        Found <When at={at} now={now} />. Compare with a copy of the store; npm run audit:verify looks again.
      </Banner>
    );
  return (
    <p className="mb-3 text-12 text-ink-3">
      {sentence} Looked at <When at={at} now={now} />.
    </p>
  );
}

/** The filter with another `last`, and without bounds that would contradict it. */
const withSpan = (filter: string, span: (typeof spans)[number]): string =>
  [
    ...filter.split(/\s+/).filter((word) => word !== "" && !/^(last|from|to):/.test(word)),
    ...(span === "any" ? [] : [`last:${span}`]),
  ].join(" ");

function ExportMenu({ narrowing }: { narrowing: Record<string, string> }) {
  const [busy, setBusy] = useState(false);
  const save = async (format: ExportFormat) => {
    setBusy(true);
    await saveExport(narrowing, format).catch((error: Error) => toast(error.message));
    setBusy(false);
  };
  useScreenActions([
    { label: "Export what is listed as CSV", run: () => void save("csv") },
    { label: "Export what is listed as JSON lines", run: () => void save("jsonl") },
  ]);
  return (
    <Menu trigger={<Button busy={busy && "Exporting"}>Export</Button>}>
      <MenuNote>What is listed, up to 100,000 entries, times in UTC</MenuNote>
      <MenuItem onSelect={() => void save("csv")}>CSV, for spreadsheets</MenuItem>
      <MenuItem onSelect={() => void save("jsonl")}>JSON lines, for programs</MenuItem>
    </Menu>
  );
}

const Nothing = ({ filter, clear }: { filter: string; clear: () => void }) => (
  <Panel>
    {filter === "" ? (
      <Empty kind="first-use" icon="contract" title="Nothing was done yet that you may see">
        Sign-ins, retries, changes of people, and whatever was refused will stand here.
      </Empty>
    ) : (
      <Empty
        kind="filtered"
        title="No entry matches this filter"
        actions={
          <Button size="sm" onClick={clear}>
            Clear the filter
          </Button>
        }
      >
        What was done lies outside of <span className="mono">{filter}</span>, or outside of what you may see.
      </Empty>
    )}
  </Panel>
);
