"use client";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { zonesQuery } from "@/components/zones/queries";
import { shownVerdict } from "@/components/zones/words";
import type { Verdict } from "@/lib/verdicts/rules";

/** Tells verdict changes to those who listen; nothing else is announced. A breach interrupts. */
export function Announcer() {
  const { data } = useQuery(zonesQuery());
  const before = useRef<Map<string, Verdict> | null>(null);
  const [said, setSaid] = useState<{ calm: string; urgent: string }>({ calm: "", urgent: "" });
  useEffect(() => {
    if (!data) return;
    const known = before.current;
    before.current = new Map(data.zones.map((zone) => [zone.zoneId, zone.verdict]));
    if (!known) return;
    const changed = data.zones.filter((zone) => known.has(zone.zoneId) && known.get(zone.zoneId) !== zone.verdict);
    if (changed.length === 0) return;
    const words = (urgent: boolean) =>
      changed
        .filter((zone) => (zone.verdict === "breached") === urgent)
        .map((zone) => `${zone.title}: ${shownVerdict(zone, false).word}.`)
        .join(" ");
    setSaid({ calm: words(false), urgent: words(true) });
  }, [data]);
  return (
    <>
      <p role="status" className="sr-only">
        {said.calm}
      </p>
      <p role="alert" className="sr-only">
        {said.urgent}
      </p>
    </>
  );
}
