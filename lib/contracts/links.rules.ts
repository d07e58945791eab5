/** Where other tools are, as addresses with places for values: by what they show. */
export const linkPlaces = {
  ticket: ["ticket"],
  trace: ["trace_id"],
  logs: ["key", "message_id", "correlation_id", "trace_id", "consumer", "event", "source", "version", "from", "to"],
  runbook: ["consumer", "event", "error", "source"],
  commit: ["consumer", "version", "from", "to"],
} as const;

export type LinkKind = keyof typeof linkPlaces;
export const linkKinds = Object.keys(linkPlaces) as LinkKind[];
export type LinkTemplates = Partial<Record<LinkKind, string>>;
export type LinkValues = Partial<Record<(typeof linkPlaces)[LinkKind][number], string | null>>;

const PLACE = /\{([^{}]*)\}/g;

/** The places of an address, with where each begins, counted from 0. */
export const placesIn = (template: string): { name: string; at: number }[] =>
  [...template.matchAll(PLACE)].map((found) => ({ name: found[1]!, at: found.index }));

/** What is wrong with an address as it is written, whatever its places hold; null when nothing is. */
export function templateWrong(template: string): "scheme" | "host" | "password" | "braces" | null {
  if (!/^https:\/\//i.test(template)) return "scheme";
  const host = /^https:\/\/([^/?#\\]*)/i.exec(template)![1]!;
  if (host.includes("@")) return "password";
  // What a message holds may not say where a click leads.
  if (/[{}]/.test(host) || !URL.canParse(`https://${host}`)) return "host";
  return /[{}]/.test(template.replace(PLACE, "")) || /[\s\\]/.test(template) ? "braces" : null;
}

/** The address with its values, each encoded; null where one of them is not known. */
export function linkOf(template: string | undefined, values: LinkValues): string | null {
  if (template === undefined) return null;
  const known = values as Record<string, string | null | undefined>;
  if (placesIn(template).some(({ name }) => !known[name] || isStep(known[name]))) return null;
  const address = template.replace(PLACE, (_, name: string) => encodeURIComponent(known[name]!));
  return templateWrong(template) === null ? address : null;
}

// A step up in a path stays one after it is encoded, and would lead elsewhere.
const isStep = (value: string | null | undefined): boolean => value === "." || value === "..";
