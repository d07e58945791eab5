import type { Verdict } from "@/lib/verdicts/rules";

/** The colours a thing can wear; each sets --fg, --fill, --tint and --edge (globals.css). */
export type Tone = "breach" | "risk" | "conv" | "ok" | "none" | "accent";

export const toneClass: Record<Tone, string> = {
  breach: "v-breach",
  risk: "v-risk",
  conv: "v-conv",
  ok: "v-ok",
  none: "v-none",
  accent: "v-accent",
};

export const verdictTone: Record<Verdict, Tone> = {
  breached: "breach",
  at_risk: "risk",
  unknown: "none",
  converging: "conv",
  healthy: "ok",
};

export const verdictWord: Record<Verdict, string> = {
  breached: "Breached",
  at_risk: "At risk",
  unknown: "No data",
  converging: "Converging",
  healthy: "Healthy",
};
