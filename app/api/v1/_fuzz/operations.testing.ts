import type { Plan } from "./put.testing";

/** An operation that runs and one that is done, with their lists, and the acts that the audit knows of. */
export async function seedOperations(plan: Plan, letters: { groupId: number; ids: number[]; messageIds: string[] }) {
  const { zoneId, mark, place, personId, keys, by, reason, ago, put } = plan;
  const operations: number[] = [];
  for (const state of ["running", "done"]) {
    const made = await put<{ operation_id: number }>("operation", {
      ...{
        kind: "retry",
        state,
        ...by,
        reason,
        ticket: `INC-${mark}`,
        title: `Retry ${mark}`,
      },
      ...{
        scope: `scope ${mark}`,
        zones: [zoneId],
        consumers: ["payment-service"],
        items_n: 1,
        keys_n: 1,
        ended: state === "done" ? { failed_again: 1 } : {},
      },
      ...(state === "done" ? { ended_n: 1, ended_at: ago(3_000) } : {}),
    });
    operations.push(made.operation_id);
    const patch = JSON.stringify([{ op: "add", path: `/${mark}`, value: 1 }]);
    await put("operation_edit", { operation_id: made.operation_id, patch });
    const item = {
      operation_id: made.operation_id,
      item: 1,
      dead_letter: letters.ids[2],
      source_id: "orders",
      source_seq: place * 100 + 2,
      group_id: letters.groupId,
    };
    await put("operation_item", {
      ...item,
      consumer: "payment-service",
      message_id: letters.messageIds[2],
      business_key: keys[1],
    });
    await put("operation_chunk", {
      ...{ operation_id: made.operation_id, chunk: 1, source_id: "orders", item_from: 1, item_to: 1 },
      ...{ state: state === "done" ? "settled" : "waiting", error: state === "done" ? null : `not yet ${mark}` },
    });
    await put("operation_event", { operation_id: made.operation_id, at: ago(50_000), text: `Paused for ${mark}` });
    if (state === "done")
      await put("operation_outcome", {
        operation_id: made.operation_id,
        item: 1,
        outcome: "failed_again",
        detail: mark,
        finished_at: ago(4_000),
      });
  }
  await put("dead_letter_claim", { dead_letter: letters.ids[2], operation_id: operations[0], group_id: letters.groupId });

  const act = { at: ago(30_000), actor_name: mark, zones: [zoneId], result: "done", reason, detail: { mark } };
  await put("audit_entry", {
    ...act,
    actor_kind: "operator",
    operator_id: personId,
    action: "dead_letter.retry",
    target_kind: "operation",
    target_id: String(operations[0]),
  });
  await put("verdict_change", { zone_id: zoneId, at: ago(600_000), verdict: "breached", reasons: [], oldest_key: keys[1] });
  return operations;
}
