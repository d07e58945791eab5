import type { Fault } from "./fault";

/** Dropped by inboxes, all but those that look like messages of their own: kit/wire.ts copies, services/notification-service applies. */
export const duplicatedEvents: Fault = {
  name: "duplicated-events",
  story:
    "every other message comes twice, one in ten under a new id; notification-service 1.20.0 tells customers again when it does. Stopping rolls back to 1.19.2.",
};
