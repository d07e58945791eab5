"use client";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { bellQuery } from "@/components/alerts/queries";
import { alertHref, callingWords } from "@/components/alerts/words";
import { IconButton } from "@/components/ui/button";
import { countText } from "@/components/ui/format";
import { Menu, MenuItem, MenuNote } from "@/components/ui/menu";
import { zonesQuery } from "@/components/zones/queries";
import { browserNotes, swapBrowserNotes, useBrowserNotes } from "./browser-notes";

/** What is raised and nobody took, of the zones of who looks: its number comes with the zones, its list when it is opened. */
export function Bell() {
  const { data } = useQuery(zonesQuery());
  const n = data?.asking.alertsN;
  useBrowserNotes(n);
  // While no source is seen nobody can tell whether there should be one.
  const unseen = data?.freshness.sourcesUp === 0;
  const label =
    n === undefined || (n === 0 && unseen) ? "Alerts" : n === 0 ? "Alerts: none is raised" : `Alerts: ${countText(n)} raised`;
  return (
    <span className="relative max-md:-mx-2">
      <Menu trigger={<IconButton name="bell" label={label} />}>
        <Listed unseen={unseen} />
      </Menu>
      {Boolean(n) && (
        <span
          aria-hidden="true"
          className="pointer-events-none absolute -top-1 left-4 text-10 leading-3.25 font-semibold text-breach-fg max-md:top-0.5 max-md:left-6"
        >
          {countText(n!)}
        </span>
      )}
    </span>
  );
}

function Listed({ unseen }: { unseen: boolean }) {
  const router = useRouter();
  const { data, error } = useQuery(bellQuery());
  const notes = browserNotes.use();
  return (
    <>
      <MenuNote>{error ? error.message : data ? callingWords(data.raisedN, unseen) : "Loading"}</MenuNote>
      {data?.first.map((one) => (
        <MenuItem key={one.alertId} onSelect={() => router.push(alertHref(one.alertId))}>
          <span className="min-w-0 truncate">
            {one.words} <span className="text-ink-3">in {one.zone.title}</span>
          </span>
        </MenuItem>
      ))}
      <MenuItem onSelect={() => router.push("/alerts")}>All alerts</MenuItem>
      <MenuItem onSelect={() => void swapBrowserNotes()} chosen={notes === "on"}>
        {notes === "on" ? "Stop telling me in this browser" : "Tell me in this browser"}
      </MenuItem>
    </>
  );
}
