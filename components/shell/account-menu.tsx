"use client";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { useNow } from "@/components/ui/clock";
import { zoneName } from "@/components/ui/format";
import { Menu, MenuItem, MenuNote } from "@/components/ui/menu";
import { timeZone } from "@/components/ui/time-zone";
import { meQuery } from "./queries";
import { swapTheme } from "./theme";

/** Who looks, in which zones and which zone of time; light or dark; tokens; and the way out. */
export function AccountMenu({ trigger, side }: { trigger: ReactNode; side?: "top" | "bottom" }) {
  const router = useRouter();
  const { data } = useQuery(meQuery());
  const now = useNow();
  const zone = timeZone.use();
  const own = now === null ? "UTC" : Intl.DateTimeFormat().resolvedOptions().timeZone;
  const times = zone === "utc" || now === null ? "UTC" : `${own} (${zoneName(now)})`;
  return (
    <Menu side={side} trigger={trigger}>
      {data && (
        <>
          <MenuNote>
            {data.actor.name}, {data.actor.role}
          </MenuNote>
          <MenuNote>{data.actor.email}</MenuNote>
          <MenuNote>{data.actor.zones === null ? "All zones" : data.actor.zones.join(", ") || "No zones"}</MenuNote>
        </>
      )}
      <MenuNote>Times in {times}</MenuNote>
      <MenuItem onSelect={() => timeZone.choose(zone === "utc" ? "browser" : "utc")}>
        {zone === "utc" ? `Show times in ${own}` : "Show times in UTC"}
      </MenuItem>
      <MenuItem onSelect={swapTheme}>Light or dark</MenuItem>
      <MenuItem onSelect={() => router.push("/account")}>Your account</MenuItem>
      <MenuItem onSelect={() => router.push("/tokens")}>Tokens</MenuItem>
      <MenuItem onSelect={() => location.assign("/sign-out")}>Sign out</MenuItem>
    </Menu>
  );
}
