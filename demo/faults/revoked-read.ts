import { namesOf } from "../install";
import { asAdmin, databaseUrl } from "../kit/cluster";
import { definitionOf } from "../services";
import type { Fault, Place } from "./fault";

/** A right that a migration loses, as a table that is made anew loses it: the service does not need it, and does not miss it. */
export const revokedRead: Fault = {
  name: "revoked-read",
  story:
    "a migration of notification-service leaves its customer_view without Accord's right to read it: the zone's messages are followed, and nothing is compared with that copy. Stopping grants it.",
  begin: (place) => onCopy(place, "revoke select on customer_view from accord_observer"),
  end: (place) => onCopy(place, "grant select on customer_view to accord_observer"),
};

async function onCopy({ adminUrl, prefix }: Place, statement: string): Promise<void> {
  const { database } = definitionOf("notification-service");
  await asAdmin(databaseUrl(adminUrl, namesOf(prefix).database(database)), (client) => client.query(statement));
}
