/** One condition of a filter as typed: `consumer:ledger`, `-zone:loyalty`, or free text. */
export type Token = { key: string | null; value: string; not: boolean; raw: string; wrong: string | null };

export type FilterKey = {
  name: string;
  hint: string;
  values?: string[];
  /** Of each value, how much there is. */
  counts?: Record<string, number>;
  check?: (value: string) => string | null;
  notNegated?: boolean;
};

/** A value as a token holds it: in quotes where it has blanks or quotes, which are then written with a backslash. */
export const quote = (value: string): string => (/[\s",]/.test(value) ? `"${value.replaceAll('"', '\\"')}"` : value);
const unquote = (raw: string): string => raw.replace(/\\"|"/g, (found) => (found === '"' ? "" : '"'));

const tokenText = (key: string, value: string, not = false): string => `${not ? "-" : ""}${key}:${quote(value)}`;

/** Splits a filter into tokens; quotes keep spaces. A key nobody knows is kept, with the reason why it does nothing; so is free text where `freeText` says why. */
export function parseFilter(text: string, keys: FilterKey[], freeText: string | null = null): Token[] {
  return (text.match(/-?[a-z_]+:"(?:\\"|[^"])*"?|"(?:\\"|[^"])*"?|\S+/gi) ?? []).map((raw) => {
    const match = /^(-?)([a-z_]+):(.*)$/i.exec(raw);
    if (!match) return { key: null, value: unquote(raw), not: false, raw, wrong: freeText };
    const [, minus, key, rest] = match;
    const value = unquote(rest!);
    const known = keys.find((each) => each.name === key);
    const wrong = !known
      ? `There is no ${key}. Known: ${keys.map((each) => each.name).join(", ")}.`
      : value === ""
        ? `Say which ${key}.`
        : known.notNegated && minus === "-"
          ? `${key} cannot be left out.`
          : (known.check?.(value) ?? null);
    return { key: key!, value, not: minus === "-", raw, wrong };
  });
}

/** What could be typed next: keys while a word is begun, values after a colon. At most eight. */
export function suggestions(draft: string, keys: FilterKey[]): string[] {
  const match = /^(-?)([a-z_]+):(.*)$/i.exec(draft);
  if (!match) {
    const start = draft.replace(/^-/, "");
    const minus = draft.startsWith("-") ? "-" : "";
    return keys.filter((each) => each.name.startsWith(start.toLowerCase())).map((each) => `${minus}${each.name}:`);
  }
  const [, minus, key, rest] = match;
  const values = keys.find((each) => each.name === key)?.values ?? [];
  const begun = unquote(rest!).toLowerCase();
  return values
    .filter((value) => value.toLowerCase().includes(begun))
    .slice(0, 8)
    .map((value) => tokenText(key!, value, minus === "-"));
}

/** What is said beside an offer: what a key is, or how much there is of a value. */
export function offerHint(offer: string, keys: FilterKey[]): string | undefined {
  const [, key, value] = /^-?([a-z_]+):(.*)$/is.exec(offer) ?? [];
  const known = keys.find(({ name }) => name === key);
  return value === "" ? known?.hint : known?.counts?.[unquote(value!)]?.toLocaleString("en-US");
}
