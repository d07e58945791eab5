import type { UnresolvedReason } from "../facts/rules";

/** Why a key is open, after the event's name or on its own: "parked at inventory-service". */
export const openWords: Record<UnresolvedReason, (service: string) => string> = {
  unpublished: (service) => `not published by ${service}`,
  undelivered: (service) => `not processed by ${service}`,
  held: (service) => `held by ${service} for an earlier version`,
  parked: (service) => `parked at ${service}`,
  saga: (service) => `its saga at ${service} is past its deadline or could not be undone`,
  divergence: (service) => `does not agree at ${service}`,
};
