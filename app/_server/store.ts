import { openStore } from "@/lib/db/pool";
import { storeAddress } from "@/lib/platform/tls";

// On globalThis, since a development server loads modules anew and would open a pool each time.
const held = globalThis as { accordStore?: ReturnType<typeof openStore> };

// Twice what eight busy screens ask for at once; web processes are many, and the server's connections are not.
const CONNECTIONS_MAX = 16;

/** The store, one pool for the process. */
export function store(): ReturnType<typeof openStore> {
  const url = storeAddress(process.env);
  if (!url) throw new Error("DATABASE_URL is missing: it names Accord's own database.");
  held.accordStore ??= openStore(url, CONNECTIONS_MAX, "accord web");
  return held.accordStore;
}
