import type { Definition } from "../../kit/definition";
import { readTables } from "../../kit/tables";
import { orderCancelled, orderSubmitted } from "./reserve";

export const inventoryService: Definition = {
  name: "inventory-service",
  database: "inventory",
  tables: readTables(import.meta.dirname),
  compared: ["stock_reservation"],
  version: (faults) => (faults.has("poison") ? "2.41.0" : "2.40.3"),
  handlers: { OrderSubmitted: orderSubmitted, OrderCancelled: orderCancelled },
};
