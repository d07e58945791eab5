import { isMigrated } from "@/lib/db/ready";
import { Refusal } from "@/lib/refusal";
import { answer } from "./answer";
import { isClosing } from "./closing";
import { store } from "./store";

/** The process answers; it says nothing about the store, or an outage there would restart every web process. */
export const alive = (request: Request): Promise<Response> => answer(request, async () => ({ alive: true }));

/** The store answers and is migrated, and nobody asked this process to end; otherwise no requests should come here. */
export const ready = (request: Request): Promise<Response> =>
  answer(request, async () => {
    if (isClosing()) throw new Refusal("unavailable", "This process is ending.");
    if (await isMigrated(store().db)) return { ready: true };
    throw new Refusal("unavailable", "Accord's store is not migrated to this version: run npm run migrate.");
  });
