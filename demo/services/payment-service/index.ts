import type { Definition } from "../../kit/definition";
import { between } from "../../kit/random";
import { readTables } from "../../kit/tables";
import { orderSubmitted } from "./authorize";
import { accounts, postingBooked, requestPosting } from "./postings";
import { orderCancelled, voidAgain } from "./void";

const AHEAD_MS = 90_000;

export const paymentService: Definition = {
  name: "payment-service",
  database: "payments",
  tables: readTables(import.meta.dirname),
  compared: ["payment", "account", "account_view"],
  version: () => "3.8.1",
  clockMs: (faults) => (faults.has("skewed-clock") ? AHEAD_MS : 0),
  handlers: { OrderSubmitted: orderSubmitted, OrderCancelled: orderCancelled, PostingBooked: postingBooked },
  chores: [voidAgain],
  traffic: {
    share: 0.4,
    act: async (service, seed) => {
      const account = `ACC-${7_001 + between(0, accounts - 1, seed, "account", service.acts++)}`;
      await requestPosting(service, account, (number) => between(-500, 2_000, seed, number) * 10 + 5);
    },
  },
};
