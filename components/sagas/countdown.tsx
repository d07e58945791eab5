"use client";
import { Tag } from "@/components/ui/badge";
import { useNow } from "@/components/ui/clock";
import { Icon } from "@/components/ui/icons";
import { ageText } from "@/components/ui/live-age";
import type { Instant } from "@/lib/time";

/** How long until something starts by itself. */
export function Countdown({ at, asOf, quiet = false }: { at: Instant; asOf: Instant; quiet?: boolean }) {
  const now = Math.max(useNow() ?? asOf, asOf);
  return (
    <Tag tone={quiet ? undefined : "breach"}>
      <Icon name="clock" size={12} />
      {at <= now ? "any moment" : ageText(at - now)}
    </Tag>
  );
}
