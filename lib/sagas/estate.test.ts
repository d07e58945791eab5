import { afterAll, beforeAll, expect, test } from "vitest";
import { startFault } from "../../demo/faults";
import { type WatchedEstate, watchedEstate } from "../../demo/kit/watched.testing";
import { basket, placeOrder } from "../../demo/services/order-service/place-order";
import { textOf } from "../words";
import { judgeZones } from "../zones/judge";
import { dispatchHolds } from "./dispatch";
import { previewHold, requestHold, requestRelease } from "./holds";
import { parseHold, parseHoldPreview, parseRelease, parseSagaFilter } from "./input";
import { listSagas, readSaga } from "./service";

let watched: WatchedEstate;
let estate: WatchedEstate["estate"];
beforeAll(async () => {
  watched = await watchedEstate();
  estate = watched.estate;
});
afterAll(() => watched.close());

const parked = async () =>
  (await estate.rows<{ n: number }>("inventory-service", "select count(*)::int as n from messaging.dead_letter"))[0]!.n;
const deadline = (when: string) =>
  estate.rows(
    "order-service",
    "update messaging.saga set deadline_at = clock_timestamp() + $1::interval, started_at = clock_timestamp() + $1::interval - interval '7 minutes' where state = 'running'",
    [when],
  );
const states = async () =>
  Object.fromEntries(
    (
      await estate.rows<{ id: string; state: string }>("order-service", "select business_key as id, state from messaging.saga")
    ).map(({ id, state }) => [id, state]),
  );
const tick = async () => {
  for (let i = 0; i < 5; i++)
    for (const name of ["order-service", "payment-service", "inventory-service"]) await estate.of(name).tick();
};

test("orders that cannot be reserved are about to be undone; held, they stay past their deadline until they are released or the hold ends", async () => {
  await startFault("poison", estate.adminUrl, estate);
  const place = () =>
    placeOrder(estate.of("order-service").service, (id) => ({
      ...basket(id, 1),
      pan: "4000 0000 1111 2222",
      lines: [{ sku: "SKU-2011", quantity: 1, unit_cents: 700 }],
    }));
  const ids = [await place(), await place(), await place()];
  await estate.tickUntil(async () => (await parked()) === 3);
  await deadline("80 seconds");
  await watched.poll();
  await judgeZones(watched.store.db);

  const list = async (state?: string) => (await listSagas(watched.ada(), parseSagaFilter({ state }))).sagas;
  const due = await list("due");
  expect(due.map((saga) => saga.businessKey).sort()).toEqual([...ids].sort());
  expect(due[0]).toMatchObject({
    stage: "due",
    step: "reserve-stock",
    stepNo: 2,
    stepsN: 2,
    zone: { zoneId: "order-commitment" },
  });
  const { sentence } = await listSagas(watched.ada(), parseSagaFilter({}));
  expect(textOf(sentence)).toMatch(/^3 sagas will not complete in time\. In 1m [012]\ds the first of 3 starts to compensate\.$/);
  const page = await readSaga(watched.ada(), due[0]!);
  expect(textOf(page.waitsFor)).toBe("OrderSubmitted, parked at inventory-service");
  expect(page.steps).toMatchObject([
    { step: { name: "authorize-payment", state: "done" }, compensation: null, compensationPlan: "void-payment" },
    { step: { name: "reserve-stock", state: "running" }, compensation: null, compensationPlan: "release-stock" },
  ]);

  const selection = { cause: { zone: "order-commitment", type: "order-commitment", step: "reserve-stock" } };
  expect(await previewHold(watched.ada(), parseHoldPreview({ selection }))).toMatchObject({
    sagasN: 3,
    pastN: 0,
    begunN: 0,
    refusal: null,
  });
  await requestHold(watched.ada(), parseHold({ selection, minutes: 15, reason: "the rollback is on its way", key: "h" }));
  await dispatchHolds(watched.store.db, watched.observed);
  await deadline("-1 seconds");
  await tick();
  expect(await states()).toEqual(Object.fromEntries(ids.map((id) => [id, "running"])));
  await watched.poll();
  expect((await list("held")).map(({ stage }) => stage)).toEqual(["held", "held", "held"]);
  expect((await list("stuck")).length).toBe(3);
  expect(await list("due")).toEqual([]);

  const one = due.find((saga) => saga.businessKey === ids[0])!;
  const named = { sagas: [{ sourceId: one.sourceId, sagaId: one.sagaId }] };
  await requestRelease(watched.ada(), parseRelease({ selection: named, reason: "this customer gave up", key: "r" }));
  await dispatchHolds(watched.store.db, watched.observed);
  await estate.tickUntil(async () => (await states())[ids[0]!] === "compensated");
  expect(await states()).toEqual({ [ids[0]!]: "compensated", [ids[1]!]: "running", [ids[2]!]: "running" });

  await estate.rows("order-service", "update messaging.saga set hold_until = clock_timestamp() where business_key = $1", [
    ids[1],
  ]);
  await estate.tickUntil(async () => (await states())[ids[1]!] === "compensated");
  expect((await states())[ids[2]!]).toBe("running");
  await watched.poll();
  await watched.poll();
  const undone = await readSaga(watched.ada(), one);
  expect(undone.saga.stage).toBe("undone");
  expect(undone.steps.map(({ compensation }) => [compensation?.name, compensation?.state])).toEqual([
    ["void-payment", "done"],
    ["release-stock", "done"],
  ]);
});
