import type { CheckState, SourceCheck } from "./check.rules";

/** How one check ended: its state, a sentence, and what to do where there is something to do. */
export type Answer = Omit<SourceCheck, "check">;
export const said = (state: CheckState, sentence: string, todo: string | null = null): Answer => ({ state, sentence, todo });
export const ok = (sentence: string): Answer => said("ok", sentence);
