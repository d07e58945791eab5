import type { FrameworkDefinition } from "../../kit/framework";
import { throughDebezium, write } from "../../kit/frameworks/debezium";
import { readTables } from "../../kit/tables";

// Points are for larger orders: one for each ten euros.
const AMOUNT_CENTS_MIN = 50_000;
const CENTS_PER_POINT = 1_000;

export const loyaltyService: FrameworkDefinition = {
  name: "loyalty-service",
  database: "loyalty",
  tables: readTables(import.meta.dirname),
  compared: ["grant_of_points"],
  version: (faults) => (faults.has("renamed-field") ? "2.1.0" : "2.0.4"),
  framework: throughDebezium(),
  handlers: {
    OrderCommitted: async (tx, { payload, correlation_id }, service) => {
      const { order_id, customer, amount_cents } = payload;
      if (amount_cents < AMOUNT_CENTS_MIN) return;
      const points = Math.floor(amount_cents / CENTS_PER_POINT);
      const { rowCount } = await tx.query(
        "insert into grant_of_points (order_id, customer_id, points) values ($1, $2, $3) on conflict do nothing",
        [order_id, customer.id, points],
      );
      if (!rowCount) return;
      // New in 2.1.0: what was called points is called credit.
      const told = service.version === "2.1.0" ? { credit: points } : { points };
      await write(tx, {
        aggregate: "order",
        key: order_id,
        type: "PointsGranted",
        payload: { order_id, customer, ...told, correlation_id },
      });
    },
  },
};
