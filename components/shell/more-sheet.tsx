"use client";
import { useQuery } from "@tanstack/react-query";
import { usePathname } from "next/navigation";
import { Sheet } from "@/components/ui/dialog";
import { Icon } from "@/components/ui/icons";
import { Link } from "@/components/ui/link";
import { isAt, phonePlaces, placesOf } from "./places";
import { meQuery } from "./queries";
import { swapTheme } from "./theme";

const row = "flex h-12 w-full items-center gap-3 px-4 text-left text-15 aria-[current]:font-semibold hover:bg-hover";

/** On a phone: the places that the bar has no room for, light or dark, and who looks. */
export function MoreSheet({ onClose }: { onClose: () => void }) {
  const path = usePathname();
  const { data: me } = useQuery(meQuery());
  const rest = placesOf(me?.actor).filter((place) => !phonePlaces.includes(place));
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title="More" from="bottom">
      <ul className="py-2">
        {rest.map((place) => (
          <li key={place.href}>
            <Link href={place.href} onClick={onClose} aria-current={isAt(path, place.href) ? "page" : undefined} className={row}>
              <Icon name={place.icon} className="text-ink-3" />
              {place.label}
            </Link>
          </li>
        ))}
        <li className="mt-1 border-t pt-1">
          <button type="button" className={row} onClick={swapTheme}>
            <Icon name="theme" className="text-ink-3" />
            Light or dark
          </button>
        </li>
        {me && (
          <li className="px-4 py-2 text-12 text-ink-3">
            {me.actor.name}, {me.actor.role}, {me.actor.zones === null ? "all zones" : me.actor.zones.join(", ") || "no zones"}
          </li>
        )}
        <li>
          <Link href="/tokens" onClick={onClose} aria-current={isAt(path, "/tokens") ? "page" : undefined} className={row}>
            <Icon name="lock" className="text-ink-3" />
            Tokens
          </Link>
        </li>
        <li>
          <button type="button" className={row} onClick={() => location.assign("/sign-out")}>
            <Icon name="user" className="text-ink-3" />
            Sign out
          </button>
        </li>
      </ul>
    </Sheet>
  );
}
