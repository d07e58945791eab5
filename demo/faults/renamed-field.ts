import type { Fault } from "./fault";

/** An event that changes its words without a new version, as an outbox without versions allows; services/loyalty-service writes it. */
export const renamedField: Fault = {
  name: "renamed-field",
  story:
    "loyalty-service 2.1.0 is deployed and writes PointsGranted with credit for points into its Debezium outbox: mail-service's jobs cannot read them and fail for good. Stopping rolls back to 2.0.4, and lets mail-service read both.",
};
