import type { GroupRow } from "@/lib/dead-letters/views";
import { counted } from "@/lib/words";

/** What a row tells of a group that was put together or apart by hand; null where it was not. */
export function regroupedTag({ rule, mergedN }: GroupRow["regrouped"]): string | null {
  if (rule !== null) return `only those ${rule}`;
  return mergedN > 0 ? `with ${counted(mergedN, "merged group")}` : null;
}
