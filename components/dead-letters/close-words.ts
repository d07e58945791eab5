import type { Closing } from "@/lib/dead-letters/codes.rules";
import { limits } from "@/lib/operations/rules";

type Words = {
  choice: string;
  title: string;
  busy: string;
  confirm: string;
  done: string;
  means: string;
  least: number;
  short: string;
  placeholder: string;
};

/** What either way of closing is called, and what is asked of who closes. */
export const closeWords: Record<Closing, Words> = {
  discard: {
    ...{ choice: "Discard", title: "Discard", busy: "Discarding", confirm: "Discard", done: "Discard" },
    means: "are put aside: nobody processes them.",
    least: limits.reasonLengthMin,
    short: "Say why nobody needs the messages any more.",
    placeholder: "Why does nobody need them any more?",
  },
  resolve: {
    ...{ choice: "Resolve by hand", title: "Resolve by hand", busy: "Resolving", confirm: "Resolve", done: "Resolution by hand" },
    means: "are closed as resolved by hand: their effect was had in another way.",
    least: limits.reasonLengthMin,
    short: "Say what was done instead.",
    placeholder: "What was done instead of processing them?",
  },
};
