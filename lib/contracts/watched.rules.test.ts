import { expect, test } from "vitest";
import { abilitiesOf } from "../presets/abilities.rules";
import { mapped } from "../presets/all.rules";
import { placeOf } from "../presets/known.rules";
import { nativeAbilities, tablesAbilities } from "../presets/own.rules";
import { parseContract } from "./input";
import { contractText } from "./testing";
import { watchedDeliveries } from "./watched.rules";

const contract = () => {
  const read = parseContract(contractText, "contracts/order-commitment.yaml");
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.contract;
};
const framework = (name: string) => {
  const preset = mapped.find((one) => one.name === name)!;
  return abilitiesOf(preset.variants[0]!.map(placeOf(preset.schema, "UTC")), preset.derived);
};
const watches = (orders: typeof nativeAbilities, payments: typeof nativeAbilities) =>
  new Set(
    watchedDeliveries(contract(), [
      { sourceId: "orders", consumers: ["order-service", "order-view"], abilities: orders },
      { sourceId: "payments", consumers: ["payment-service"], abilities: payments },
    ])
      .filter(({ from, consumer }) => from === "orders" && consumer === "payment-service")
      .map(({ by }) => by?.kind ?? "nothing"),
  );

test("a delivery is watched by the inbox of its consumer, where there is an outbox that it left", () => {
  expect(watches(nativeAbilities, nativeAbilities)).toEqual(new Set(["inbox"]));
  expect(watches(framework("debezium"), framework("masstransit-ef"))).toEqual(new Set(["inbox"]));
});

test("without an inbox, or without an outbox, nothing watches it: its dead letters tell what failed, and not what never came", () => {
  expect(watches(nativeAbilities, framework("pg-boss"))).toEqual(new Set(["nothing"]));
  expect(watches(framework("axon4"), nativeAbilities)).toEqual(new Set(["nothing"]));
  expect(watches(tablesAbilities, tablesAbilities)).toEqual(new Set(["nothing"]));
});

test("a job that its own service works on is watched by its queue", () => {
  const own = {
    sourceId: "payments",
    consumers: ["payment-service", "order-service", "order-view"],
    abilities: framework("pg-boss"),
  };
  const found = watchedDeliveries(contract(), [own]).filter(({ from }) => from === "payments");
  expect(new Set(found.map(({ by }) => by?.kind))).toEqual(new Set(["queue"]));
});
