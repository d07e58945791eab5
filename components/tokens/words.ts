import { days, type Instant } from "@/lib/time";
import { isLive, type Token } from "@/lib/tokens/rules";
import type { TokensView } from "@/lib/tokens/views";
import { counted, type Part, plain, strong } from "@/lib/words";

/** This near to its end somebody should make the next one. */
const SOON_MS = days(7);

/** How many scripts may speak, and which of them stop soon. */
export function tokensSentence({ own, services, now }: TokensView): Part[] {
  const live = [...own, ...(services ?? [])].filter((token) => isLive(token, now));
  if (live.length === 0) return [strong("No token is live."), plain(" Scripts need one to speak to Accord; people sign in.")];
  const soon = live.filter((token) => endsSoon(token, now)).length;
  const mine = own.filter((token) => isLive(token, now)).length;
  const lead = strong(`${counted(live.length, "token")} ${live.length === 1 ? "is" : "are"} live, ${mine} of them yours.`);
  return [lead, plain(soon > 0 ? ` ${counted(soon, "token")} ${soon === 1 ? "ends" : "end"} within 7 days.` : "")];
}

export const endsSoon = (token: Token, now: Instant): boolean => isLive(token, now) && token.expiresAt - now < SOON_MS;

/** Where a token may look and act. */
export const zonesWords = (token: Pick<Token, "kind" | "zones">): string => {
  if (token.zones === null) return token.kind === "personal" ? "all of its owner's zones" : "all zones";
  return token.zones.join(", ") || "no zones";
};

export const lifetimes = [7, 30, 90, 180, 365] as const;
