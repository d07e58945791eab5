import { randomUUID } from "node:crypto";
import type { Plan } from "./put.testing";

/** Sagas that are late, undone and failed, with their steps, and one that is held. */
export async function seedSagas(plan: Plan) {
  const { zoneId, mark, keys, by, reason, ago, put } = plan;
  const sagas: string[] = [];
  for (const [i, state] of ["running", "compensating", "failed"].entries()) {
    const saga_id: string = randomUUID();
    sagas.push(saga_id);
    await put("saga", {
      ...{
        source_id: "orders",
        saga_id,
        saga_type: `saga-${mark}`,
        zone_id: zoneId,
        business_key: keys[i],
        correlation_id: mark,
        state,
      },
      ...{
        step: `step-${mark}`,
        started_at: ago(900_000),
        updated_at: ago(1_000),
        deadline_at: ago(400_000),
        steps_at: ago(500),
      },
    });
    const step = {
      source_id: "orders",
      saga_id,
      attempts: 2,
      started_at: ago(900_000),
      error_type: mark,
      error_message: `broken ${mark}`,
    };
    await put("saga_step", { ...step, position: 1, name: `step-${mark}`, kind: "forward", state: "done" });
    const undo = {
      ...step,
      position: 2,
      name: `undo-${mark}`,
      state: state === "failed" ? "failed" : "running",
      deadline_at: ago(300_000),
    };
    await put("saga_step", { ...undo, kind: "compensation", compensates: 1 });
    await put("saga_compensation", { ...undo, zone_id: zoneId, saga_type: `saga-${mark}` });
  }
  const counted = { zone_id: zoneId, saga_type: `saga-${mark}`, name: `undo-${mark}`, succeeded: 3, failed: 1 };
  await put("compensation_count", { ...counted, minute: ago(120_000) });
  await put("compensation_hour", { ...counted, hour: ago(120_000) });
  const hold = await put<{ hold_id: number }>("saga_hold", {
    ...{
      kind: "hold",
      ...by,
      reason,
      until: ago(-600_000),
      zones: [zoneId],
      sagas_n: 1,
    },
  });
  await put("saga_hold_item", {
    ...{
      hold_id: hold.hold_id,
      source_id: "orders",
      saga_id: sagas[0],
      business_key: keys[1],
      until: ago(-600_000),
      error: mark,
      due_at: ago(-1_000),
    },
  });

  return { ids: sagas, holdId: hold.hold_id };
}
