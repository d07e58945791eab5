import { answer } from "./answer";
import { sessionCookie } from "./cookie";
import { refuseForeign } from "./origin";
import { endSession } from "./session";

/** Ends the session and goes to the sign-in page; for a plain form, so that it works without scripts. */
export async function signOut(request: Request): Promise<Response> {
  const { name, options } = sessionCookie();
  const ended = await answer(request, async () => {
    refuseForeign(request.headers);
    await endSession(request.headers, Date.now());
  });
  if (!ended.ok) return ended;
  const gone = `${name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax${options.secure ? "; Secure" : ""}`;
  return new Response(null, { status: 303, headers: { location: "/sign-in", "set-cookie": gone, "cache-control": "no-store" } });
}
