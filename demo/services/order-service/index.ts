import { compensateDue } from "../../../client/src";
import type { Definition } from "../../kit/definition";
import { readTables } from "../../kit/tables";
import { handlers } from "./handlers";
import { basket, placeOrder } from "./place-order";
import { orderCommitment } from "./saga";

export const orderService: Definition = {
  name: "order-service",
  database: "orders",
  tables: readTables(import.meta.dirname),
  compared: ["customer_order", "order_view", "stock_view", "customer_view"],
  version: (faults) => (faults.has("broken-schema-version") ? "5.13.0" : "5.12.0"),
  handlers,
  chores: [
    function sagas(service) {
      return compensateDue(service, orderCommitment);
    },
  ],
  traffic: {
    share: 0.4,
    act: async (service, seed) => {
      await placeOrder(service, (orderId) => basket(orderId, seed));
    },
  },
};
