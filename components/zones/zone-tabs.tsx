"use client";
import { useQuery } from "@tanstack/react-query";
import { usePathname } from "next/navigation";
import { countText } from "@/components/ui/format";
import { Tabs } from "@/components/ui/tabs";
import { zoneHref } from "@/components/ui/zone-badges";
import { zonesQuery } from "./queries";

/** A number of a tab, and of what; null is not known, and shown as nothing. */
const note = (n: number | null | undefined, what: string) =>
  n === null || n === undefined ? {} : { note: countText(n), noteTitle: `${countText(n)} ${what}` };

/** Places of one zone. Their numbers are those of the list of zones, so that they are the same wherever one stands in it. */
export function ZoneTabs({ zoneId, revision }: { zoneId: string; revision?: number }) {
  const path = usePathname();
  const { data } = useQuery(zonesQuery());
  const zone = data?.zones.find((one) => one.zoneId === zoneId);
  const health = zoneHref(zoneId);
  const tab = (part: string, label: string, more = {}) => {
    const href = part === "" ? health : `${health}/${part}`;
    return { href, label, current: path === href, ...more };
  };
  return (
    <Tabs
      label="Parts of this zone"
      tabs={[
        tab("", "Health"),
        tab("keys", "Open keys", note(zone?.keysN, "keys are open")),
        tab("contract", "Contract", revision === undefined ? {} : { note: `v${revision}` }),
        tab("sagas", "Sagas", note(zone?.sagasAskingN, "sagas ask for somebody")),
        tab("divergences", "Divergences", note(zone?.divergencesN, "divergences are open")),
        tab("dead-letters", "Dead letters", note(zone?.parkedN, "messages are parked")),
        tab("alerts", "Alerts", note(zone?.alertsN, "alerts are raised")),
        tab("cases", "Cases", note(zone?.casesN, "cases are open")),
        tab("activity", "Activity"),
      ]}
    />
  );
}
