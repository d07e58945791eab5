import { actionWords } from "../permissions";
import { counted } from "../words";
import type { AuditEntry, Verification } from "./rules";

type Target = AuditEntry["target"];

const numbered: Record<string, string> = { operation: "OP-", case: "CASE-", divergence: "D-" };

/** A target as people name it: `OP-1001`, `dead letter 7`, `ORD-88213`. */
export function targetText({ kind, id }: Target): string {
  if (numbered[kind] && /^\d+$/.test(id)) return `${numbered[kind]}${id}`;
  if (kind === "business_key") return id;
  return `${kind.replaceAll("_", " ")} ${id}`;
}

const pages: Record<string, (id: string) => string> = {
  operation: (id) => `/operations/${id}`,
  dead_letter: (id) => `/dead-letters/messages/${id}`,
  dead_letter_group: (id) => `/dead-letters/groups/${id}`,
  alert: (id) => `/alerts/${id}`,
  case: (id) => `/cases/${id}`,
  divergence: (id) => `/divergences/${id}`,
  zone: (id) => `/zones/${id}`,
  business_key: (id) => `/keys/${id}`,
};

/** Where a target is seen; null for what has no page, and for what a caller made up. */
export function targetHref({ kind, id }: Target): string | null {
  const byName = kind === "zone" || kind === "business_key";
  if (!byName && !/^\d{1,15}$/.test(id)) return null;
  return pages[kind]?.(encodeURIComponent(id)) ?? null;
}

/** What somebody did or tried, in words after the name: "retry messages". */
export const entryWords = ({ action }: Pick<AuditEntry, "action">): string => actionWords(action);

/** What a walk along the chain found, in a sentence. */
export function verificationSentence({
  entriesN,
  brokenEntry,
  why,
}: Pick<Verification, "entriesN" | "brokenEntry" | "why">): string {
  if (why === "changed")
    return `Entry ${brokenEntry} is not what was written: it was changed or taken away, or its place in the chain was.`;
  if (why === "unlinked") return `Entry ${brokenEntry} was put in beside the chain, or the end of the chain was taken away.`;
  if (why === "misdated") return `Entry ${brokenEntry} is dated far from when the database took it.`;
  return entriesN === 0
    ? "There was no entry in the chain to verify."
    : `${counted(entriesN, "entry", "entries")} verified: none was changed, taken away or put in.`;
}
