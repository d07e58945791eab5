import type { Definition, ServiceOptions } from "../kit/definition";
import { type RunningService, runService } from "../kit/service";
import { inventoryService } from "./inventory-service";
import { ledgerService } from "./ledger-service";
import { notificationService } from "./notification-service";
import { orderService } from "./order-service";
import { paymentService } from "./payment-service";
import { profileService } from "./profile-service";

/** The estate's services, each with a database of its own. */
export const definitions = [
  orderService,
  paymentService,
  inventoryService,
  notificationService,
  profileService,
  ledgerService,
] as const satisfies Definition[];

/** The definition with this name; an unknown one is refused with the names that there are. */
export function definitionOf(name: string): Definition {
  const found = definitions.find((each) => each.name === name);
  if (!found)
    throw new Error(`There is no service "${name}". The services are: ${definitions.map((each) => each.name).join(", ")}.`);
  return found;
}

/** One service in this process: started, or ticked by hand. */
export function createService(name: string, options: ServiceOptions): RunningService {
  return runService(definitionOf(name), options);
}
