import type { Failure } from "./failure.js";
import { type Message, messageColumns, messageParameters, messageValues, storable } from "./message.js";
import type { Attempt, Producer } from "./service.js";
import type { Sql } from "./sql.js";

// A message that is parked again keeps its row and what it was put aside for first.
const parking = `insert into messaging.dead_letter (${messageColumns}, consumer, consumer_version, error_type, error_message, error_stack,
    attempts, attempt_log, first_failed_at)
  values (${messageParameters}, $13::text, $14::text, $15::text, $16::text, $17::text, $18::int, $19::text::jsonb, $20::text::timestamptz)
  on conflict (consumer, message_id) do update set
    consumer_version = excluded.consumer_version, error_type = excluded.error_type, error_message = excluded.error_message,
    error_stack = excluded.error_stack, attempts = dead_letter.attempts + excluded.attempts,
    attempt_log = dead_letter.attempt_log || excluded.attempt_log, parked_at = clock_timestamp(),
    state = 'parked', state_changed_at = clock_timestamp(), state_reason = null`;

/** Puts a message aside after its last attempt. Nothing is lost; a person decides. */
export async function park(sql: Sql, consumer: Producer, message: Message, failure: Failure, log: Attempt[]): Promise<void> {
  await sql.query(parking, [
    ...messageValues(storable(message)),
    consumer.name,
    consumer.version,
    failure.type,
    failure.message,
    failure.stack,
    log.length,
    JSON.stringify(log),
    log[0]!.at,
  ]);
}
