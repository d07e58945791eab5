import type { IconName } from "@/components/ui/icons";
import type { Instant } from "@/lib/time";
import type { Hit, HitKind } from "@/lib/timeline/views";
import type { Verdict } from "@/lib/verdicts/rules";

/** One line of the palette: what choosing it does, and what it is. */
export type Item = {
  id: string;
  group: string;
  label: string;
  note?: string;
  since?: Instant | null;
  icon?: IconName;
  verdict?: Verdict;
  keys?: string;
  blocked?: string | null;
  mono?: boolean;
  do: { href: string } | { run: () => void };
};

const hitWords: Record<HitKind, { group: string; icon: IconName }> = {
  key: { group: "Keys", icon: "search" },
  zone: { group: "Zones", icon: "zones" },
  operation: { group: "Operations", icon: "operation" },
  message: { group: "Messages", icon: "dead" },
  dead_letter: { group: "Dead letters", icon: "dead" },
  group: { group: "Groups of dead letters", icon: "dead" },
  saga: { group: "Sagas", icon: "saga" },
  divergence: { group: "Divergences", icon: "differs" },
  case: { group: "Cases", icon: "case" },
  correlation: { group: "Correlation", icon: "search" },
  source: { group: "Sources", icon: "source" },
  consumer: { group: "Consumers", icon: "source" },
  event: { group: "Events", icon: "contract" },
  operator: { group: "People", icon: "user" },
};

/** A hit as a line. */
export const hitItem = (hit: Hit): Item => ({
  id: `${hit.kind}:${hit.id}`,
  group: hitWords[hit.kind].group,
  label: hit.title,
  note: hit.note,
  since: hit.since,
  icon: hitWords[hit.kind].icon,
  mono: hit.kind === "key" || hit.kind === "correlation",
  do: { href: hit.href },
});

/** Whether every word of the text is in the line's own words. */
export function matches(item: Item, text: string): boolean {
  const words = `${item.group} ${item.label}`.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => words.includes(word));
}

/**
 * The palette's lines for a text: what is named whole first, then what can be done and where one can go, then what only begins so,
 * and last the text taken as a key. Without a text, all that can be done and gone to.
 */
export function paletteItems(text: string, own: readonly Item[], hits: readonly Hit[], keyHref: (key: string) => string): Item[] {
  if (text === "") return [...own];
  const exact = hits.filter((hit) => hit.exact).map(hitItem);
  const begun = hits.filter((hit) => !hit.exact).map(hitItem);
  const known = new Set([...exact, ...begun].map((item) => item.id));
  // A zone is among the hits as well.
  const matching = own.filter((item) => matches(item, text) && !known.has(item.id));
  const asKey: Item[] = hits.some((hit) => hit.kind === "key" && hit.title === text)
    ? []
    : [
        {
          id: "as-key",
          group: "Keys",
          label: text,
          note: "look for it as a business key",
          icon: "search",
          mono: true,
          do: { href: keyHref(text) },
        },
      ];
  return [...exact, ...matching, ...begun, ...asKey];
}

/** Lines in their groups, in the order in which each group comes first. */
export function grouped(items: readonly Item[]): { group: string; items: Item[] }[] {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(item.group, [...(groups.get(item.group) ?? []), item]);
  return [...groups].map(([group, items]) => ({ group, items }));
}
