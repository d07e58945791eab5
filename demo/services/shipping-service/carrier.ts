import { digits } from "../../kit/random";

const KG_MAX = 31.5;

class CarrierError extends Error {
  override name = "CarrierError";
}

/** Asks the carrier for a parcel's label. 3.5.0 sends grams where the carrier reads kilograms. */
export function carrierLabel(orderId: string, weightG: number, version: string): string {
  const kg = version === "3.5.0" ? weightG : weightG / 1_000;
  if (kg > KG_MAX) throw new CarrierError(`the carrier refuses a parcel of ${kg} kg: ${KG_MAX} kg at most`);
  return `DE${digits(12, orderId, "label").toUpperCase()}`;
}
