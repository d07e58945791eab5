"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { timeZone } from "@/components/ui/time-zone";
import { zonesQuery } from "@/components/zones/queries";
import { useHelp } from "../help";
import { placesOf } from "../places";
import { meQuery } from "../queries";
import { swapTheme } from "../theme";
import { useOfferedActions } from "./actions";
import type { Item } from "./items";

/** What can be done and gone to from everywhere, beside what the screen offers. */
export function useOwnItems(): Item[] {
  const help = useHelp();
  const client = useQueryClient();
  const zones = useQuery(zonesQuery());
  const { data: me } = useQuery(meQuery());
  const offered = useOfferedActions();
  const times = timeZone.use();
  const doing = (label: string, run: () => void, keys?: string): Item => ({
    id: `do:${label}`,
    group: "Do",
    label,
    ...(keys && { keys }),
    do: { run },
  });
  return [
    ...offered.map(
      ({ label, run, keys, blocked = null }): Item => ({
        id: `screen:${label}`,
        group: "On this screen",
        label,
        ...(keys && { keys }),
        blocked,
        do: { run },
      }),
    ),
    ...placesOf(me?.actor).map(
      (place): Item => ({
        id: place.href,
        group: "Go to",
        label: place.label,
        icon: place.icon,
        keys: `g ${place.key}`,
        do: { href: place.href },
      }),
    ),
    { id: "/account", group: "Go to", label: "Your account", icon: "user", do: { href: "/account" } },
    { id: "/tokens", group: "Go to", label: "Tokens", icon: "lock", do: { href: "/tokens" } },
    ...(zones.data?.zones ?? []).map(
      (zone): Item => ({
        id: `zone:${zone.zoneId}`,
        group: "Zones",
        label: zone.title,
        verdict: zone.verdict,
        do: { href: `/zones/${encodeURIComponent(zone.zoneId)}` },
      }),
    ),
    doing("Refresh what is in sight", () => void client.invalidateQueries()),
    doing("Light or dark", swapTheme, "t"),
    doing(times === "utc" ? "Times in this browser's zone" : "Times in UTC", () =>
      timeZone.choose(times === "utc" ? "browser" : "utc"),
    ),
    doing("Keyboard map", () => help.setOpen(true), "?"),
  ];
}
