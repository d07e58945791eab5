import { randomUUID } from "node:crypto";
import type { Plan } from "./put.testing";

/** A group of dead letters with bodies and one that is closed, and what is unresolved because of them. */
export async function seedLetters(plan: Plan) {
  const { zoneId, mark, place, keys, ago, put } = plan;
  const messageIds: string[] = [];
  const uuid = () => {
    messageIds.push(randomUUID());
    return messageIds.at(-1)!;
  };
  const group = await put<{ group_id: number }>("dead_letter_group", {
    ...{
      fingerprint: mark,
      source_id: "orders",
      consumer: "payment-service",
      event_type: `E${mark}`,
      error_type: `Error${mark}`,
    },
    ...{ template: `it broke at ${mark}`, frame: `at ${mark}`, zones: [zoneId], open_n: 3, total_n: 4, versions: { "1.0": 3 } },
    ...{ first_at: ago(900_000), last_at: ago(10_000), attempts_max: 5 },
  });
  const letters: number[] = [];
  for (const [i, business_key] of keys.entries()) {
    const letter = await put<{ id: number }>("dead_letter", {
      ...{
        source_id: "orders",
        source_seq: place * 100 + i,
        group_id: group.group_id,
        message_id: uuid(),
        business_key,
        version: 2,
      },
      ...{ consumer_version: "1.0", state: i === 2 ? "redelivering" : "parked", attempts: 5, ...timesOf(plan, i) },
    });
    letters.push(letter.id);
    await seedBody(plan, letter.id);
    await put("unresolved", {
      ...{
        source_id: "orders",
        reason: "parked",
        consumer: "payment-service",
        ref: messageIds.at(-1),
        zone_id: zoneId,
        business_key,
      },
      ...{ event_type: `E${mark}`, since: ago(900_000) },
    });
    await put("open_key", { zone_id: zoneId, business_key, since: ago(900_000), reasons: 8, facts: 1 });
  }
  await put("dead_letter_history", {
    ...{
      id: 900_000 + place,
      source_id: "orders",
      source_seq: place * 100 + 9,
      group_id: group.group_id,
      message_id: uuid(),
      business_key: keys[1],
    },
    ...{
      consumer_version: "1.0",
      parked_at: ago(900_000),
      closed_at: ago(5_000),
      closed_as: "resolved",
      attempts: 2,
      body: { payload: { mark }, error_message: mark },
    },
  });
  await put("unresolved", {
    ...{ source_id: "orders", reason: "undelivered", consumer: "payment-service", ref: randomUUID(), zone_id: zoneId },
    ...{ business_key: keys[1], event_type: `E${mark}`, since: ago(700_000) },
  });

  return { groupId: group.group_id, ids: letters, messageIds };
}

/** What was thrown, and the message itself. */
async function seedBody({ mark, ago, put }: Plan, id: number): Promise<void> {
  await put("dead_letter_body", {
    ...{ id, schema_version: 1, aggregate_type: mark, correlation_id: mark, causation_id: mark, traceparent: mark },
    ...{
      error_message: `broken ${mark}`,
      error_stack: `Error: ${mark}\n    at ${mark} (x.ts:1:1)`,
      payload: { note: mark, deep: [{ mark }] },
    },
    ...{
      attempt_log: [{ attempt: 1, at: ago(900_000), error_type: mark, error_message: mark, duration_ms: 3 }],
      payload_bytes: 99,
      headers: { h: mark },
    },
  });
}

const timesOf = ({ ago }: Plan, i: number) => ({
  occurred_at: ago(900_000),
  parked_at: ago(800_000 - i),
  since: ago(900_000),
  seen_at: ago(800_000),
  changed_at: ago(1),
});
