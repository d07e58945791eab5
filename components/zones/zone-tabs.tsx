"use client";
import { usePathname } from "next/navigation";
import { Tabs } from "@/components/ui/tabs";
import { zoneHref } from "@/components/ui/zone-badges";

type Props = {
  zoneId: string;
  revision?: number;
  parkedN: number | null;
  keysN?: number | null;
  sagasN?: number | null;
  divergencesN?: number | null;
  casesN?: number;
};

/** Places of one zone. */
export function ZoneTabs({ zoneId, revision, parkedN, keysN = null, sagasN = null, divergencesN = null, casesN }: Props) {
  const path = usePathname();
  const health = zoneHref(zoneId);
  const contract = `${health}/contract`;
  const keys = `${health}/keys`;
  const sagas = `${health}/sagas`;
  const divergences = `${health}/divergences`;
  const cases = `${health}/cases`;
  const letters = `${health}/dead-letters`;
  const activity = `${health}/activity`;
  return (
    <Tabs
      label="Parts of this zone"
      tabs={[
        { href: health, label: "Health", current: path === health },
        {
          href: keys,
          label: "Open keys",
          note: keysN === null ? undefined : keysN.toLocaleString("en-US"),
          current: path === keys,
        },
        {
          href: contract,
          label: "Contract",
          note: revision === undefined ? undefined : `v${revision}`,
          current: path === contract,
        },
        {
          href: sagas,
          label: "Sagas",
          note: sagasN === null ? undefined : sagasN.toLocaleString("en-US"),
          current: path === sagas,
        },
        {
          href: divergences,
          label: "Divergences",
          note: divergencesN === null ? undefined : divergencesN.toLocaleString("en-US"),
          current: path === divergences,
        },
        {
          href: letters,
          label: "Dead letters",
          note: parkedN === null ? undefined : parkedN.toLocaleString("en-US"),
          current: path === letters,
        },
        { href: cases, label: "Cases", note: casesN?.toLocaleString("en-US"), current: path === cases },
        { href: activity, label: "Activity", current: path === activity },
      ]}
    />
  );
}
