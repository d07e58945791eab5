import type { Opening } from "@/lib/notifications/opened";
import type { Parser } from "@/lib/parsing";
import { addressOf } from "./address";
import { answer } from "./answer";
import { bodyOf, idempotencyKeyOf } from "./body";
import { refuseForeign } from "./origin";
import { spend } from "./rate-limit";
import { actorOf, linkKey } from "./session";
import { store } from "./store";

/**
 * A route handler of the pages that links in messages open: from those pages alone, signed in or not. The link stands in the body, so that no
 * address and no log of addresses has it; the verb says what it opens.
 */
export const linked =
  <I, O>(parse: Parser<I>, verb: (opening: Opening, input: I) => Promise<O>) =>
  (request: Request): Promise<Response> =>
    answer(request, async () => {
      refuseForeign(request.headers);
      const input = parse({ ...(await bodyOf(request)), key: idempotencyKeyOf(request.headers) });
      return verb(await openingOf(request.headers), input);
    });

/** Who opens a link. Whoever it is, it is their address that counts: a link is no session. */
export async function openingOf(headers: Headers): Promise<Opening> {
  const now = Date.now();
  const from = addressOf(headers) ?? "nowhere";
  spend("strangers", from, now);
  return { db: store().db, now, person: await actorOf(headers, now), key: linkKey(), from };
}
