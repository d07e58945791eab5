"use client";
import { useQuery } from "@tanstack/react-query";
import { Avatar } from "@/components/ui/badge";
import { useNow } from "@/components/ui/clock";
import { initials, zoneName } from "@/components/ui/format";
import { Menu, MenuItem, MenuNote } from "@/components/ui/menu";
import { meQuery } from "./queries";

/** Who looks: name, role, and the way out. */
export function MeFoot() {
  const { data } = useQuery(meQuery());
  const now = useNow();
  if (!data) return <div className="h-[34px]" />;
  const { actor } = data;
  return (
    <Menu
      side="top"
      trigger={
        <button
          type="button"
          className="flex w-full items-center gap-2 rounded-control px-2 py-1 text-left text-12 hover:bg-hover"
        >
          <Avatar text={initials(actor.name)} />
          <span className="min-w-0">
            <span className="block truncate text-ink-2">{actor.name}</span>
            <span className="block truncate text-11 text-ink-3">{actor.role}</span>
          </span>
        </button>
      }
    >
      <MenuNote>{actor.email}</MenuNote>
      <MenuNote>
        {actor.zones === null ? "All zones" : actor.zones.join(", ") || "No zones"} · times in{" "}
        {now === null ? "UTC" : `${Intl.DateTimeFormat().resolvedOptions().timeZone} (${zoneName(now)})`}
      </MenuNote>
      <MenuItem onSelect={() => location.assign("/sign-out")}>Sign out</MenuItem>
    </Menu>
  );
}
