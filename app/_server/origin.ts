import { Refusal } from "@/lib/refusal";

const FOREIGN = "This request does not come from Accord's own pages, so nothing was done.";

/**
 * Refuses what another site made a browser send. Browsers name the origin of every such request, so one without it is
 * refused too; a script sends Accord's own address as Origin.
 */
export function refuseForeign(headers: Headers): void {
  const origin = headers.get("origin");
  const site = headers.get("sec-fetch-site");
  if (origin === null || !ownOrigins(headers).includes(origin) || (site !== null && site !== "same-origin"))
    throw new Refusal("forbidden", FOREIGN);
}

// Behind a proxy the configured address is ours; asked directly, the host that the browser believes it talks to. Where people come by
// https, a page of that host without it is whoever's stands on the way.
function ownOrigins(headers: Headers): string[] {
  const configured = process.env.NEXTAUTH_URL;
  const host = headers.get("host");
  const schemes = configured?.startsWith("https://") ? ["https"] : ["http", "https"];
  return [...(configured ? [new URL(configured).origin] : []), ...(host ? schemes.map((scheme) => `${scheme}://${host}`) : [])];
}
