import { namesOf } from "../install";
import { asAdmin, databaseUrl } from "../kit/cluster";
import { definitionOf } from "../services";
import type { Fault, Place } from "./fault";

/** Published, and never handed to anybody; kit/broker.ts loses them. */
export const lostEvents: Fault = {
  name: "lost-events",
  story:
    "the broker loses one in ten of order-service's events after it took them. Stopping publishes again what it lost, as its team would from the outbox.",
  repair: publishAgain,
};

// What the broker's log names goes back to the relay: an event in an outbox is not lost for good until it is deleted there.
async function publishAgain(place: Place): Promise<void> {
  const names = namesOf(place.prefix);
  await asAdmin(databaseUrl(place.adminUrl, names.broker), async (broker) => {
    const { rows } = await broker.query<{ producer: string; ids: string[] }>(
      "select producer, array_agg(message_id) as ids from lost_message group by producer",
    );
    for (const { producer, ids } of rows) {
      await asAdmin(databaseUrl(place.adminUrl, names.database(definitionOf(producer).database)), (client) =>
        client.query("update messaging.outbox set published_at = null where message_id = any($1)", [ids]),
      );
      // Last, so that a crash before it leaves a second try; consumers drop what comes twice.
      await broker.query("delete from lost_message where message_id = any($1)", [ids]);
    }
  });
}
