import type { Definition } from "../../kit/definition";
import { customers } from "../../kit/people";
import { between } from "../../kit/random";
import { readTables } from "../../kit/tables";
import { changeCustomer } from "./change-customer";

export const profileService: Definition = {
  name: "profile-service",
  database: "profiles",
  tables: readTables(import.meta.dirname),
  compared: ["customer"],
  version: () => "4.2.0",
  handlers: {},
  traffic: {
    share: 0.2,
    act: async (service, seed) => {
      await changeCustomer(service, between(0, customers - 1, seed, "change", service.acts++));
    },
  },
};
