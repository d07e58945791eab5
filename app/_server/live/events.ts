import { actorId } from "@/lib/context";
import { parseNothing } from "@/lib/operators/input";
import { storeAddress } from "@/lib/platform/tls";
import { Refusal } from "@/lib/refusal";
import { silenceNow } from "@/lib/zones/silence";
import { answer } from "../answer";
import { isClosing, onClosing, stopping } from "../closing";
import { contextOf } from "../context";
import type { RouteHandler } from "../read";
import { store } from "../store";
import { LiveHub } from "./hub";

// On globalThis, since a development server loads modules anew and would listen once more each time.
const held = globalThis as { accordLive?: LiveHub };

/** The one hub of this process. */
export function hub(): LiveHub {
  if (isClosing()) throw stopping();
  if (!held.accordLive) {
    const url = storeAddress(process.env, "DATABASE_DIRECT_URL") ?? storeAddress(process.env);
    if (!url) throw new Error("DATABASE_URL is missing: it names Accord's own database.");
    const now = () => silenceNow(store().db, Date.now());
    // What rests on looks: verdicts, how a source stands, and whether a group may be retried.
    held.accordLive = new LiveHub(url, { now, tells: ["zones", "sources", "dead-letters"] });
    onClosing(() => void closeHub());
  }
  return held.accordLive;
}

/** How many screens are open on this process. */
export const openStreamsN = (): number => held.accordLive?.streamsN ?? 0;

/** Closes the hub, as the end of the process does; the next one that is asked for is another. */
export async function closeHub(): Promise<void> {
  const closing = held.accordLive?.close();
  held.accordLive = undefined;
  await closing;
}

// A proxy that gathers or packs what passes would hold events back.
const headers = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store, no-transform",
  "x-accel-buffering": "no",
};

async function open(request: Request): Promise<Response> {
  const { actor } = await contextOf(request.headers);
  const stillValid = () =>
    contextOf(request.headers).then(
      () => true,
      (error) => !(error instanceof Refusal && error.kind === "unauthenticated"),
    );
  const session = actor.token?.id ?? (actor.kind === "operator" ? actor.sessionId : null) ?? actorId(actor);
  const body = hub().open(session, { stillValid, after: request.headers.has("last-event-id") });
  return new Response(body, { headers });
}

/** A stream of server-sent events that names what changed (`change` with a list such as `["zones"]`), so that it can be read again. It carries no rows: what may be seen is for each read to say. */
export const liveEvents: RouteHandler = Object.assign((request: Request) => answer(request, () => open(request)), {
  takes: parseNothing.shape,
  gives: "text/event-stream",
});
