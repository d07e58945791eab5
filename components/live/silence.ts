import { useQuery } from "@tanstack/react-query";
import { Refused } from "@/components/fetch";
import { zonesQuery } from "@/components/zones/queries";
import type { Instant } from "@/lib/time";

/** Since when Accord answers this browser nothing at all; null while it does, or has never answered. The page says so once, its parts need not. */
export function useSilence(): Instant | null {
  const { data, error, dataUpdatedAt } = useQuery(zonesQuery());
  return data && error instanceof Refused && error.kind === "unreachable" ? dataUpdatedAt : null;
}
