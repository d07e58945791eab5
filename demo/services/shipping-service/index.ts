import type { FrameworkDefinition } from "../../kit/framework";
import { addJob, onGraphileWorker } from "../../kit/frameworks/graphile-worker";
import { readTables } from "../../kit/tables";
import { carrierLabel } from "./carrier";

// Orders of fewer pieces leave as letters, which need no label.
const PARCEL_PIECES_MIN = 7;
const PIECE_G = 450;

export const shippingService: FrameworkDefinition = {
  name: "shipping-service",
  database: "shipping",
  tables: readTables(import.meta.dirname),
  compared: ["parcel"],
  version: (faults) => (faults.has("refused-labels") ? "3.5.0" : "3.4.2"),
  framework: onGraphileWorker("print-label", async function printLabel(tx, { data }, service) {
    const label = carrierLabel(data.order_id, data.weight_g, service.version);
    await tx.query("update parcel set label = $2, labelled_at = clock_timestamp() where order_id = $1", [data.order_id, label]);
  }),
  handlers: {
    OrderCommitted: async (tx, { payload, correlation_id }) => {
      const { order_id, customer, quantity } = payload;
      if (quantity < PARCEL_PIECES_MIN) return;
      const weight_g = quantity * PIECE_G;
      const { rowCount } = await tx.query(
        "insert into parcel (order_id, customer_id, weight_g) values ($1, $2, $3) on conflict do nothing",
        [order_id, customer.id, weight_g],
      );
      if (rowCount) await addJob(tx, "print-label", { order_id, weight_g, correlation_id, enqueued_at: new Date() });
    },
  },
};
