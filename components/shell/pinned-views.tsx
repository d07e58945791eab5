"use client";
import { useQuery } from "@tanstack/react-query";
import { savedQuery } from "@/components/dead-letters/queries";
import { Icon } from "@/components/ui/icons";
import { Link } from "@/components/ui/link";
import { navLook } from "./nav";

/** Views of dead letters that are pinned. */
export function PinnedViews() {
  const { data } = useQuery(savedQuery());
  const pinned = data?.views.filter((view) => view.pinned) ?? [];
  if (pinned.length === 0) return null;
  return (
    <nav aria-label="Pinned views" className="mt-1">
      {pinned.map((view) => (
        <Link key={view.viewId} href={`/dead-letters?${view.search}`} className={navLook}>
          <Icon name="dead" className="text-ink-3" />
          <span className="truncate">{view.name}</span>
        </Link>
      ))}
    </nav>
  );
}
