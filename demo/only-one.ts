import { existsSync, readFileSync } from "node:fs";
import pg from "pg";

// Held as long as the demo's process lives, and given back by the server however that ends.
const DEMO_LOCK = 4_127_004;

/** Makes this the only demo on the cluster; answers the other's address when there is one. */
export async function holdDemo(adminUrl: string, demoFile: string): Promise<string | null> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: "accord demo" });
  client.on("error", () => {});
  await client.connect();
  const { rows } = await client.query<{ alone: boolean }>("select pg_try_advisory_lock($1) as alone", [DEMO_LOCK]);
  if (rows[0]?.alone) return null;
  await client.end();
  return existsSync(demoFile) ? JSON.parse(readFileSync(demoFile, "utf8")).url : "it is just starting.";
}
