import type { Fault } from "./fault";

/** Versions overtake each other; kit/wire.ts lets one message in four take 75 s. */
export const reorderedEvents: Fault = {
  name: "reordered-events",
  story:
    "one message in four takes 75 s, and later versions overtake it: ledger-service holds what is early, others skip what is stale. It passes by itself when stopped.",
};
