import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { startFault } from "./faults";
import { asAdmin } from "./kit/cluster";

/** Starts the poison once per cluster, so that whoever looks for the first time sees a zone in trouble. Answers a line about it, or null. */
export async function startFirstFault(adminUrl: string, markFile: string): Promise<string | null> {
  const cluster = await asAdmin(adminUrl, async (client) => {
    const { rows } = await client.query<{ id: string }>("select system_identifier::text as id from pg_control_system()");
    return rows[0]!.id;
  });
  if (existsSync(markFile) && readFileSync(markFile, "utf8") === cluster) return null;
  await startFault("poison", adminUrl);
  writeFileSync(markFile, cluster);
  return "A fault was started, so that there is something to see: poison. `npm run fault -- stop poison` ends it.";
}
