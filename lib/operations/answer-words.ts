import { frameworkOf } from "../presets/known.rules";
import { presetTitle } from "../sources/abilities-words";
import { durationWords } from "../time";
import { limits } from "./rules";

/** When a delivery counts as uncertain: by the beat of whoever takes it. */
export function answerWords({ sourceId, preset }: { sourceId: string; preset: string }): string {
  if (preset === "native")
    return `At ${sourceId} a delivery that was taken and has no answer in ${durationWords(limits.uncertainAfterMs)} counts as uncertain until its consumer's record can be read.`;
  const beat = frameworkOf(preset)?.beat ?? null;
  const title = presetTitle({ preset });
  return beat
    ? `At ${sourceId} what ${title} has not taken within ${durationWords(beat.withinMs)} counts as uncertain until its table tells.`
    : `At ${sourceId} nothing says when ${title} takes it: what is not taken within the time of the contract (take_within) counts as uncertain until its table tells.`;
}
