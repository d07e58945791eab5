import type { Abilities } from "./abilities.rules";

/** What Accord's own tables tell: everything. */
export const nativeAbilities: Abilities = {
  outbox: { published: true, counted: true, created: "exact", attempts: true, key: true },
  inbox: { processed: "exact", type: true },
  held: true,
  deadLetters: {
    ...{ errorType: true, error: true, stack: true, attempts: true, key: true, payload: true, correlation: true },
    ...{ occurred: "exact", parked: "exact", expires: false, retry: true, discard: true },
  },
  sagas: { started: "exact", updated: "exact", deadline: true, steps: true, hold: true },
};

/** What business tables tell of messages: nothing. Rules compare them. */
export const tablesAbilities: Abilities = { outbox: null, inbox: null, held: false, deadLetters: null, sagas: null };
