"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { Loaded } from "@/components/live/loaded";
import { saveFile } from "@/components/save-file";
import { Page } from "@/components/shell/page";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { KeyLink } from "@/components/ui/key-link";
import { LiveAge } from "@/components/ui/live-age";
import { Panel, PanelHead } from "@/components/ui/panel";
import { Segmented } from "@/components/ui/segmented";
import { ShowMore } from "@/components/ui/show-more";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Table, Td, Th } from "@/components/ui/table";
import { toast } from "@/components/ui/toast";
import { zoneHref } from "@/components/ui/zone-badges";
import { unresolvedReasons } from "@/lib/facts/rules";
import { windowWords } from "@/lib/time";
import { openWords } from "@/lib/verdicts/words";
import type { ZoneKeysView } from "@/lib/zones/views";
import { keysQuery } from "./queries";
import { ZoneTabs } from "./zone-tabs";
import { ZoneTitle } from "./zone-verdict";

const choices = ["all", ...unresolvedReasons] as const;

/** The rows behind a zone's numbers: every key that has not converged, the oldest first, and why. */
export function KeysScreen({ zoneId }: { zoneId: string }) {
  const [chosen, choose] = useQueryState("reason", parseAsStringLiteral(choices).withDefault("all"));
  const query = useInfiniteQuery(keysQuery(zoneId, chosen === "all" ? null : chosen));
  const title = query.data?.pages[0]?.title ?? zoneId;
  return (
    <Page crumbs={[{ label: "Zones", href: "/zones" }, { label: title, href: zoneHref(zoneId) }, { label: "Open keys" }]}>
      <Loaded query={query} what="The open keys" headline waiting={<SkeletonRows rows={8} />}>
        {({ pages }) => {
          const first = pages[0]!;
          return (
            <>
              <div className="mb-3">
                <ZoneTitle zoneId={zoneId} title={first.title} />
              </div>
              <ZoneTabs zoneId={zoneId} revision={first.revision} />
              <div className="my-4 flex max-w-full overflow-x-auto">
                <Segmented
                  label="Why a key is open"
                  value={chosen}
                  onChange={choose}
                  options={choices.map((value) => ({ value, label: value }))}
                />
              </div>
              <Panel aria-label="Open keys">
                <PanelHead title="Open keys" note={`oldest first, against the window of ${windowWords(first.windowMs)}`}>
                  {chosen === "undelivered" && <ExportButton zoneId={zoneId} />}
                </PanelHead>
                <Keys pages={pages} filtered={chosen !== "all"} />
                <ShowMore query={query} />
              </Panel>
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

/** What a producer needs to publish again: the id of every message that somebody lacks. */
function ExportButton({ zoneId }: { zoneId: string }) {
  const save = () =>
    saveFile(`/api/v1/zones/${encodeURIComponent(zoneId)}/undelivered/export`, { format: "csv" }).catch((error: Error) =>
      toast(error.message),
    );
  return (
    <Button size="sm" onClick={save}>
      Export message ids
    </Button>
  );
}

function Keys({ pages, filtered }: { pages: ZoneKeysView[]; filtered: boolean }) {
  const keys = pages.flatMap((page) => page.keys);
  const { now, windowMs, keyName } = pages[0]!;
  if (keys.length === 0)
    return (
      <Empty kind={filtered ? "filtered" : "good"} title={filtered ? "No key is open for this reason" : "Nothing is waiting"}>
        {filtered ? "Other reasons may have some." : "Every business key of this zone that Accord knows of has converged."}
      </Empty>
    );
  return (
    <Table>
      <thead>
        <tr>
          <Th>{keyName}</Th>
          <Th>Why it is open</Th>
          <Th num>Age</Th>
        </tr>
      </thead>
      <tbody>
        {keys.map(({ key, since, facts, factsN }) => (
          <tr key={key}>
            <Td className="align-top">
              <KeyLink businessKey={key} />
            </Td>
            <Td>
              <ul>
                {facts.map(({ reason, service, eventType }, i) => (
                  <li key={i}>{eventType ? `${eventType} ${openWords[reason](service)}` : openWords[reason](service)}</li>
                ))}
                {factsN > facts.length && (
                  <li className="text-ink-3">and {(factsN - facts.length).toLocaleString("en-US")} more</li>
                )}
              </ul>
            </Td>
            <Td num className={now - since > windowMs ? "align-top text-breach-fg" : "align-top"}>
              <LiveAge since={since} asOf={now} />
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
