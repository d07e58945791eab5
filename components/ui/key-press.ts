/** What keys do: `j`, `Escape`, `shift+x`, `g z` (one after the other). */
export type KeyMap<E = KeyboardEvent> = Record<string, (event: E) => void>;

/** A key by the name that it has in a map. */
export const keyName = ({ key, shiftKey }: Pick<KeyboardEvent, "key" | "shiftKey">): string =>
  shiftKey && /^[a-z]$/i.test(key) ? `shift+${key.toLowerCase()}` : key;

/**
 * What a press means, over the maps of all parts of a screen: `g` waits for its second key whatever else is on the screen, so that
 * `g a` goes somewhere and is never the `a` of the part in sight. Of two parts with one key the first has it.
 */
export function meaningOf<E>(
  maps: readonly KeyMap<E>[],
  lead: string | null,
  name: string,
): { action: ((event: E) => void) | null; lead: string | null } {
  const find = (key: string) => maps.find((map) => map[key])?.[key] ?? null;
  const second = lead === null ? null : find(`${lead} ${name}`);
  if (second) return { action: second, lead: null };
  const first = find(name);
  if (first) return { action: first, lead: null };
  const leads = maps.some((map) => Object.keys(map).some((key) => key.startsWith(`${name} `)));
  return { action: null, lead: leads ? name : null };
}
