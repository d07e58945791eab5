"use client";
import { useQuery } from "@tanstack/react-query";
import { Avatar } from "@/components/ui/badge";
import { initials } from "@/components/ui/format";
import { AccountMenu } from "./account-menu";
import { meQuery } from "./queries";

/** Who looks, at the foot of the places. */
export function MeFoot() {
  const { data } = useQuery(meQuery());
  if (!data) return <div className="h-10.5" />;
  const { actor } = data;
  return (
    <AccountMenu
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
    />
  );
}
