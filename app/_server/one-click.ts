import { parseLink } from "@/lib/notifications/input";
import { leaveDigests } from "@/lib/notifications/leaving";
import { Refusal } from "@/lib/refusal";
import { answer } from "./answer";
import { textOf } from "./body";
import { openingOf } from "./linked";

// What RFC 8058 has a mail program send, as a form of either kind.
const SAID = "List-Unsubscribe=One-Click";

const linkIn = (request: Request): string => new URL(request.url).searchParams.get("link") ?? "";

/** Ends a reader's digests for a mail program, which comes from anywhere and is nobody: the signed link is all that it has. */
export const unsubscribeAtOnce = (request: Request): Promise<Response> =>
  answer(request, async () => {
    const opening = await openingOf(request.headers);
    if (!saysOneClick(await textOf(request))) throw new Refusal("invalid", `The request must be a form that says ${SAID}.`);
    const { left } = await leaveDigests(opening, parseLink({ link: linkIn(request), key: "one-click" }));
    return { left };
  });

const saysOneClick = (form: string): boolean =>
  form.trim() === SAID || /name="?List-Unsubscribe"?\r?\n(?:[^\r\n]+\r?\n)*\r?\nOne-Click\r?\n/.test(form);

/** Shows the page with its button to whoever opens that address: following a link ends nothing. */
export function showUnsubscribe(request: Request): Response {
  const location = `/unsubscribe#${encodeURIComponent(linkIn(request))}`;
  return new Response(null, { status: 303, headers: { location, "cache-control": "no-store" } });
}
