import type { EffectView, ZoneEffect } from "@/lib/operations/zone-effect.rules";
import { windowWords } from "@/lib/time";
import { counted, plural } from "@/lib/words";

/** What stands under a zone's figures: what they are of, and what is missing of them with the reason. */
export function effectNote({ before, last }: ZoneEffect, { begunAt, kept, over, stepMs }: EffectView): string {
  const silent = last === null && !over ? "The zone is not seen, so it has no figures now." : "";
  if (begunAt === null) return silent || "Nothing was carried out yet.";
  if (!kept) return "What the zone was like by the minute is kept for 14 days, and no longer by now.";
  const told = [
    silent,
    last === null && over && "Nobody saw the zone in this time.",
    before === null && last !== null && "Nobody saw the zone when it began.",
    `The line is the most of each ${windowWords(stepMs)}.`,
  ];
  return told.filter(Boolean).join(" ");
}

/** What a zone's chart says, for those who do not see it. */
export function effectSaid({ title, keyName, before, last }: ZoneEffect): string {
  const then = before === null ? "unknown when it began" : `${counted(before.keysN, keyName)} when it began`;
  const since = last === null ? "unknown at the end" : `${last.keysN.toLocaleString("en-US")} at the end`;
  return `${title}, unresolved ${plural(keyName)}: ${then}, ${since}`;
}
