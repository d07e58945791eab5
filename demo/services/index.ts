import type { Definition, ServiceOptions } from "../kit/definition";
import type { FrameworkDefinition } from "../kit/framework";
import { type RunningFrameworkService, runFrameworkService } from "../kit/framework-service";
import { type RunningService, runService } from "../kit/service";
import { inventoryService } from "./inventory-service";
import { ledgerService } from "./ledger-service";
import { loyaltyService } from "./loyalty-service";
import { mailService } from "./mail-service";
import { notificationService } from "./notification-service";
import { orderService } from "./order-service";
import { paymentService } from "./payment-service";
import { profileService } from "./profile-service";
import { shippingService } from "./shipping-service";

/** The services that fill Accord's tables, each with a database of its own. */
export const definitions = [
  orderService,
  paymentService,
  inventoryService,
  notificationService,
  profileService,
  ledgerService,
] as const satisfies Definition[];

/** The services on frameworks, each with a database of its own, in which nothing is Accord's. */
export const onFrameworks = [shippingService, loyaltyService, mailService] as const satisfies FrameworkDefinition[];

/** Every service's name and database. */
export const everyService: { name: string; database: string }[] = [...definitions, ...onFrameworks];

/** The definition with this name; an unknown one is refused with the names that there are. */
export const definitionOf = (name: string): Definition => named(definitions, name);

/** The database of the service with this name. */
export const databaseOf = (name: string): string => named(everyService, name).database;

/** One service in this process: started, or ticked by hand. */
export const createService = (name: string, options: ServiceOptions): RunningService => runService(definitionOf(name), options);

/** The same for one on a framework. */
export const createFrameworkService = (name: string, options: ServiceOptions): RunningFrameworkService =>
  runFrameworkService(named(onFrameworks, name), options);

export const isOnFramework = (name: string): boolean => onFrameworks.some((each) => each.name === name);

function named<T extends { name: string }>(all: readonly T[], name: string): T {
  const found = all.find((each) => each.name === name);
  if (!found) throw new Error(`There is no service "${name}". The services are: ${all.map((each) => each.name).join(", ")}.`);
  return found;
}
