import type { Attempt } from "./broker";
import type { Service } from "./definition";
import type { Failure } from "./failure";
import { type Message, messageColumns, messageValues } from "./message";

const given = messageColumns.length;

// A message that is parked again keeps its row and what it was put aside for first.
const parking = `insert into messaging.dead_letter (${messageColumns.join(", ")}, consumer, consumer_version, error_type, error_message,
    error_stack, attempts, attempt_log, first_failed_at)
  values (${Array.from({ length: given + 8 }, (_, n) => `$${n + 1}`).join(", ")})
  on conflict (consumer, message_id) do update set
    consumer_version = excluded.consumer_version, error_type = excluded.error_type, error_message = excluded.error_message,
    error_stack = excluded.error_stack, attempts = dead_letter.attempts + excluded.attempts,
    attempt_log = dead_letter.attempt_log || excluded.attempt_log, parked_at = clock_timestamp(),
    state = 'parked', state_changed_at = clock_timestamp(), state_reason = null`;

/** Puts a message aside after its last attempt. Nothing is lost; a person decides. */
export async function park(service: Service, message: Message, failure: Failure, log: Attempt[]): Promise<void> {
  await service.pool.query(parking, [
    ...messageValues(message),
    service.name,
    service.version,
    failure.type,
    failure.message,
    failure.stack,
    log.length,
    JSON.stringify(log),
    log[0]!.at,
  ]);
}
