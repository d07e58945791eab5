import pg from "pg";
import { namesOf } from "../install";
import { asAdmin } from "../kit/cluster";
import type { Fault, Place } from "./fault";

/** A database that takes no connections, as in a failover that hangs. profile-service survives it and comes back. */
export const sourceAway: Fault = {
  name: "source-away",
  story: "profile-service's database refuses connections: what it would say is unknown, neither healthy nor zero.",
  begin: async (place) => {
    await allowConnections(place, false);
    await asAdmin(place.adminUrl, (client) =>
      client.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", [profiles(place)]),
    );
  },
  end: (place) => allowConnections(place, true),
};

const profiles = ({ prefix }: Place) => namesOf(prefix).database("profiles");

async function allowConnections(place: Place, allowed: boolean): Promise<void> {
  await asAdmin(place.adminUrl, (client) =>
    client.query(`alter database ${pg.escapeIdentifier(profiles(place))} with allow_connections ${allowed}`),
  );
}
