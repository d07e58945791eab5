import type { IconName } from "@/components/ui/icons";
import type { Tone } from "@/components/ui/tone";
import type { EntryKind, KeyEntry } from "@/lib/timeline/views";
import type { Verdict } from "@/lib/verdicts/rules";

/** How a key stands, in the badge beside it. */
export const verdictWords: Record<Verdict, string> = {
  breached: "Past its window",
  at_risk: "Not converged, needs somebody",
  converging: "Converging",
  unknown: "Not seen now",
  healthy: "Nothing open",
};

/** The sign beside an entry; its words always stand there too. */
export const entryIcon: Record<EntryKind, IconName> = {
  waiting: "clock",
  failed: "x",
  parked: "dead",
  closed: "check",
  saga: "saga",
  undo: "undo",
  divergence: "differs",
  case: "case",
  person: "user",
  outcome: "operation",
  verdict: "zones",
  deploy: "up",
};

export const entryTone: Record<KeyEntry["tone"], Tone> = {
  breach: "breach",
  risk: "risk",
  ok: "ok",
  plain: "none",
  accent: "accent",
};
